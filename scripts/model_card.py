"""Prints the model card of a released ONNX file, from its run folder alone.

    python3 scripts/model_card.py RUN_DIR FILE.onnx
"""

import json
import pathlib
import sys

CARD = """# {file}

{model} for facial expressions: {classes}. Raw gray faces of {side} pixels in, probabilities
out ([docs/export.md](../../docs/export.md)).

| | |
|---|---|
| experiment | {experiment}, seed {seed}, epoch {epoch} of {epochs} (best validation accuracy) |
| data | FER2013, fingerprint {fingerprint} |
| protocol | {protocol} ([docs/protocols.md](../../docs/protocols.md)); test images with a copy or near twin in training: {leak} |
| trained on | {hardware}, {precision}, commit {commit} |
| file | {kind}, opset {opset}, {size:.2f} MB, SHA-256 in SHA256SUMS |
| licence | Apache-2.0 |

## How good it is

Test split, {n} images, positive class {positive}; the run's figures, in float32:

| accuracy | 95 % interval | macro F1 | AUC | log-loss | Brier |
|---|---|---|---|---|---|
| {accuracy:.4f} | {low:.4f} to {high:.4f} | {macro_f1:.4f} | {auc} | {log_loss:.3f} | {brier:.3f} |

| class | precision | recall | F1 | images |
|---|---|---|---|---|
{rows}

This file against that model on the same images: accuracy {file_accuracy:.4f} ({drop:.2f} points
lost), the same class for {same:.1f} % of them, probabilities at most {difference:.3f} apart.
One face takes {median:.2f} ms (median; {runtime}, {processor}, two virtual cores shared with
other work), torch {torch:.2f} ms.

## What it is for, and what not

- For demonstrations, teaching and as a baseline: photographs of one frontal face, cropped as
  `ferbench predict` does it.
- It tells what a face shows, not what a person feels. Not for decisions about people, for
  surveillance, hiring, medicine or law.
- FER2013 was collected from the web with noisy labels; ages, skin tones and cultures are not
  balanced and not recorded, so fairness could not be measured.
- Other cameras, poses, light or masks than in FER2013 lower the figures above. Confidence
  was not recalibrated.
- Pictures of failures are not shown here: the photographs may not be passed on. The run's
  `report.html` has them.
"""


def read(run, name):
    return json.loads((run / name).read_text())


def main():
    run, file = pathlib.Path(sys.argv[1]), sys.argv[2]
    metrics, export = read(run, "metrics.json"), read(run, "export.json")[file]
    origin, test = metrics, metrics["test"]
    check = export["verification"]
    fastest = min((x for x in export["latency"] if x["runtime"] != "torch"),
                  key=lambda x: x["median_ms"])
    torch = next(x for x in export["latency"] if x["runtime"] == "torch")
    rows = "\n".join(
        f"| {name} | {c['precision']:.3f} | {c['recall']:.3f} | {c['f1']:.3f} | {c['support']} |"
        for name, c in test["classes"].items())
    history = (run / "history.csv").read_text().splitlines()
    share = metrics.get("leaky_share")
    print(CARD.format(
        file=file, model=origin["model"]["name"], classes=", ".join(test["classes"]),
        side=48, experiment=origin["experiment"], seed=origin["seed"],
        epoch=metrics["checkpoint_epoch"], epochs=len(history) - 1,
        fingerprint=origin["data"]["fingerprint"][:16], protocol=metrics["protocol"],
        leak="none found" if not share else f"{100 * share:.1f} %",
        hardware=origin["hardware"], precision=origin["precision"], commit=origin["commit"],
        kind=export["precision"], opset=export["opset"], size=export["size_bytes"] / 1e6,
        n=test["n"], positive=test.get("positive_class", "none"), accuracy=test["accuracy"],
        low=test["accuracy_interval"][0], high=test["accuracy_interval"][1],
        macro_f1=test["macro_f1"], auc=f"{test['auc']:.4f}" if "auc" in test else "-",
        log_loss=test["log_loss"], brier=test["brier"], rows=rows,
        file_accuracy=check["accuracy"], drop=check["drop_points"],
        same=100 * check["same_class"], difference=check["largest_difference"],
        median=fastest["median_ms"], runtime=fastest["runtime"],
        processor=export["machine"]["processor"], torch=torch["median_ms"]), end="")


if __name__ == "__main__":
    main()
