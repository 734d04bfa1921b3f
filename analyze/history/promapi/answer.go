package promapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// answerMost is how many bytes of one answer are taken in: beyond them less is asked
// for at a time.
const answerMost = 64 << 20

// A bounded reader fails when there is more than it should read.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, &failure{verdict: tooLarge, text: fmt.Sprintf("the answer has more than %d MiB", answerMost>>20)}
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// typeOf is an answer's media type and its parameters.
func typeOf(resp *http.Response) (string, map[string]string) {
	kind, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return "", nil
	}
	return kind, params
}

// ending is what servers of the Prometheus API say about an answer, beside its data.
type ending struct {
	Status    string
	ErrorType string
	Error     string
	Warnings  []string
	IsPartial bool // VictoriaMetrics
}

// readAnswer reads an answer of the query API, whose data are handed to read at
// their beginning. It fails unless the answer is whole, in the server's own
// opinion, too.
func readAnswer(resp *http.Response, path string, read func(*json.Decoder) error) error {
	if kind, _ := typeOf(resp); kind != "application/json" {
		return wrongType(resp, path, "application/json")
	}
	body := &bounded{resp.Body, answerMost}
	dec := json.NewDecoder(body)
	var e ending
	err := object(dec, func(key string) error {
		switch key {
		case "status":
			return dec.Decode(&e.Status)
		case "errorType":
			return dec.Decode(&e.ErrorType)
		case "error":
			return dec.Decode(&e.Error)
		case "warnings":
			return dec.Decode(&e.Warnings)
		case "isPartial":
			return dec.Decode(&e.IsPartial)
		case "data":
			return read(dec)
		}
		return skip(dec)
	})
	switch f := (*failure)(nil); {
	case errors.As(err, &f):
		return err
	case err != nil:
		return &failure{verdict: passing, text: fmt.Sprintf("%s: the answer is no JSON of the Prometheus API, or ends too early: %v", path, err)}
	case e.Status != "success":
		text := clean(e.Error, resp.Request)
		return &failure{verdict: judgeType(e.ErrorType, text), text: fmt.Sprintf("%s: the server says %s of an error %s: %s", path, shown(e.Status), shown(e.ErrorType), shown(text))}
	case len(e.Warnings) > 0 || e.IsPartial:
		return &failure{verdict: passing, partial: true, text: fmt.Sprintf("%s: the answer is a part of one: %s", path, shown(clean(strings.Join(e.Warnings, "; "), resp.Request)))}
	}
	return nil
}

// errorIn is what a refusal says, where it says so as the Prometheus API does.
func errorIn(body []byte) string {
	var e ending
	if json.Unmarshal(body, &e) != nil {
		return ""
	}
	return e.Error
}

// object reads an object, with value to read the value of each key.
func object(dec *json.Decoder, value func(key string) error) error {
	if err := delimiter(dec, '{'); err != nil {
		return err
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return fmt.Errorf("found %v, expected a key", t)
		}
		if err := value(key); err != nil {
			return err
		}
	}
	return delimiter(dec, '}')
}

// array reads an array, with element to read each element, and null as an empty one.
func array(dec *json.Decoder, element func() error) error {
	t, err := dec.Token()
	if err != nil || t == nil {
		return err
	}
	if t != json.Delim('[') {
		return fmt.Errorf("found %v, expected [", t)
	}
	for dec.More() {
		if err := element(); err != nil {
			return err
		}
	}
	return delimiter(dec, ']')
}

func delimiter(dec *json.Decoder, want json.Delim) error {
	t, err := dec.Token()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	if err == nil && t != want {
		return fmt.Errorf("found %v, expected %v", t, want)
	}
	return err
}

func skip(dec *json.Decoder) error {
	var v json.RawMessage
	return dec.Decode(&v)
}
