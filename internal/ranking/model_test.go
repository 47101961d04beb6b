package ranking_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/ranking"
)

func TestModelsThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                           "unexpected EOF",
		`{"features": {}} {}`:         "something follows the model",
		`{"strong": 1, "medium": 2}`:  "medium is 2, which is over strong, 1",
		`{"features": {"charm": {}}}`: `there is no feature "charm"`,
		`{"weights": 1}`:              `unknown field "weights"`,
		`{"features": {"partners": {"from": [1], "value": []}}}`:        "partners: 1 thresholds and 0 values",
		`{"features": {"partners": {"from": [1, 1], "value": [1, 2]}}}`: "partners: threshold 1 does not lie after 1",
	} {
		if _, err := ranking.ReadModel(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestModelsAreReadAsTheyAreWritten(t *testing.T) {
	m, err := ranking.ReadModel(strings.NewReader(`{"strong": 2, "medium": 1, "features": {"partners": {"below": 0, "from": [1, 2.5], "value": [0.25, -1]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var one, two bytes.Buffer
	if err := m.Write(&one, "A model."); err != nil {
		t.Fatal(err)
	}
	if m, err = ranking.ReadModel(bytes.NewReader(one.Bytes())); err != nil {
		t.Fatal(err)
	}
	if err := m.Write(&two, "A model."); err != nil {
		t.Fatal(err)
	}
	if one.String() != two.String() || !strings.Contains(one.String(), `"partners": {"below":0,"from":[1,2.5],"value":[0.25,-1]}`) {
		t.Errorf("written:\n%s\nand again:\n%s", &one, &two)
	}
}
