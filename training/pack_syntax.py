"""Put a trained pipeline into the package: machine paths removed, scores and licences beside it.

Run: ``python training/pack_syntax.py WORK_FOLDER``; writes ``src/blocs/evidence/syntax/model``.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import spacy

TARGET = Path(__file__).resolve().parents[1] / "src/blocs/evidence/syntax/model"
NOTICE = """The weights in this folder were trained by the blocs project with spaCy (MIT).

Training text, not contained here:
- Universal Dependencies English EWT, train (CC BY-SA 4.0).
- Universal Dependencies English GUM, train and dev (per-genre Creative Commons), without the
  genres whow and fiction (non-commercial) and podcast and conversation.

lemmas.tsv and verbs.txt beside this folder are word lists counted on the same text.
Recipe: training/train_syntax.py, training/train_lemmas.py. Scores: scores.json (EWT dev).
"""


def main() -> None:
    """Copy, scrub, note."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    options = parser.parse_args()
    nlp = spacy.load(options.work / "model-best")
    nlp.config["paths"] = {"train": None, "dev": None, "vectors": None, "init_tok2vec": None}
    scores = json.loads((options.work / "model-best/meta.json").read_text())["performance"]
    nlp.meta.update(
        name="blocs_syntax",
        description="Tagger, parser and names for news English.",
        license="MIT; trained on CC BY-SA 4.0 treebanks, see NOTICE",
    )
    shutil.rmtree(TARGET, ignore_errors=True)
    nlp.to_disk(TARGET)
    kept = {k: round(v, 4) for k, v in scores.items() if isinstance(v, float)}
    (TARGET / "scores.json").write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    (TARGET / "NOTICE").write_text(NOTICE)


if __name__ == "__main__":
    main()
