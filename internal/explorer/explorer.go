// Package explorer serves the pages that are embedded in the binary. Their
// sources are in web, and are built into dist by `npm run assets` there; dist
// is committed, so that the service builds without Node.
package explorer

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
)

//go:embed dist
var dist embed.FS

// playgroundCSP is the policy of the playground: that of the other pages, and
// inline styles, which its editor cannot do without.
const playgroundCSP = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// contentTypes are those of the files there are; another kind of file is a
// mistake of the build, and New says so.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".md":   "text/plain; charset=utf-8",
	".svg":  "image/svg+xml",
	".ttf":  "font/ttf",
}

// asset is one file, compressed with brotli.
type asset struct {
	packed      []byte
	hash        string
	contentType string
	immutable   bool // its name changes with its content
}

// assets are the files by their path below the page.
type assets map[string]asset

// Playground returns the handler of everything below prefix, which ends in a
// slash.
func Playground(prefix string) (http.Handler, error) {
	files, err := load(dist, "dist")
	if err != nil {
		return nil, err
	}
	return http.StripPrefix(prefix, files), nil
}

// load reads the built files. Only compressed ones are there.
func load(from fs.FS, root string) (assets, error) {
	files := assets{}
	err := fs.WalkDir(from, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		packed, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		plain, isPacked := strings.CutSuffix(strings.TrimPrefix(name, root+"/"), ".br")
		contentType, known := contentTypes[path.Ext(plain)]
		if !isPacked || !known {
			return fmt.Errorf("explorer: %s is not a compressed page, script, style, picture or font", name)
		}
		sum := sha256.Sum256(packed)
		files[plain] = asset{
			packed:      packed,
			hash:        hex.EncodeToString(sum[:12]),
			contentType: contentType,
			immutable:   strings.HasPrefix(plain, "assets/"),
		}
		return nil
	})
	if err == nil && files["index.html"].packed == nil {
		err = fmt.Errorf("explorer: %s has no index.html", root)
	}
	return files, err
}

// ServeHTTP answers with one file, as it is stored when the client takes
// brotli, else decompressed.
func (files assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	file, ok := files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Security-Policy", playgroundCSP)
	header.Set("Vary", "Accept-Encoding")
	header.Set("Cache-Control", "no-cache")
	if file.immutable {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, tag := file.packed, `"`+file.hash+`"`
	if acceptsBrotli(r.Header.Values("Accept-Encoding")) {
		header.Set("Content-Encoding", "br")
	} else {
		tag = `"` + file.hash + `-plain"`
	}
	header.Set("ETag", tag)
	if matches(r.Header.Values("If-None-Match"), tag) {
		header.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if header.Get("Content-Encoding") == "" {
		plain, err := io.ReadAll(brotli.NewReader(bytes.NewReader(file.packed)))
		if err != nil {
			// Tests decompress every file: this one was damaged in memory.
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		body = plain
	}
	header.Set("Content-Type", file.contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// acceptsBrotli reads an Accept-Encoding header.
func acceptsBrotli(values []string) bool {
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			coding, params, _ := strings.Cut(part, ";")
			if strings.TrimSpace(coding) != "br" {
				continue
			}
			quality, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
			if !found {
				return true
			}
			q, err := strconv.ParseFloat(quality, 64)
			return err == nil && q > 0
		}
	}
	return false
}

// matches reports an If-None-Match header that names the tag.
func matches(values []string, tag string) bool {
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			part = strings.TrimSpace(part)
			if part == "*" || strings.TrimPrefix(part, "W/") == tag {
				return true
			}
		}
	}
	return false
}
