package browser

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

var (
	shown = flag.String("page", "", "a report to take pictures of")
	shots = flag.String("shots", "", "the folder that they go to")
	alert = flag.String("alert", "", "the alert whose panel they show; the first one's where it is empty")
)

// TestShots takes pictures of a report, for those who change how it looks:
//
//	go test -C .tools/browser -run Shots -args -page /tmp/report.html -shots /tmp/shots
func TestShots(t *testing.T) {
	if *shown == "" || *shots == "" {
		return // nobody asked for any
	}
	for _, v := range []struct {
		name, theme   string
		width, height int64
	}{
		{"desktop", "light", 1440, 900}, {"desktop-dark", "dark", 1440, 900}, {"phone", "light", 390, 844}, {"phone-dark", "dark", 390, 844},
	} {
		b := openFile(t, *shown, v.width, v.height)
		save := func(name string, of chromedp.Action[[]byte]) {
			t.Helper()
			data, err := chromedp.Run(b.ctx, of)
			if err == nil {
				err = os.WriteFile(filepath.Join(*shots, name), data, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		b.media(v.theme, "")
		b.js(`new Promise((r) => setTimeout(r, 400))`)
		save(v.name+".png", chromedp.CaptureScreenshot())
		save(v.name+"-full.png", chromedp.FullScreenshot(100))
		for _, section := range []string{"changes", "alerts", "slis"} {
			if eval[bool](b, fmt.Sprintf("document.getElementById(%q) !== null", section)) {
				save(v.name+"-"+section+".png", chromedp.Screenshot(chromedp.CSS("#"+section)))
			}
		}
		b.js(fmt.Sprintf(`[...document.querySelectorAll("#table button.name")].find((e) => !%[1]q || e.textContent === %[1]q).click()`, *alert))
		b.until(`document.querySelector(".panel .plot svg, .panel table, .panel .empty") !== null`)
		b.do(chromedp.Sleep(400_000_000))
		save(v.name+"-panel.png", chromedp.Screenshot(chromedp.CSS(".panel")))
		if v.name == "desktop-dark" {
			save("print.pdf", chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
		}
	}
}
