// Package browser holds the HTML report to what it promises in a real browser.
// It is a module of its own, so that what drives the browser never becomes one
// of the product's dependencies.
package browser
