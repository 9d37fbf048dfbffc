"""Prints the model card of released ONNX files, from their run folder alone.

    python3 scripts/model_card.py RUN_DIR NAME FILE.onnx...

build/ferbench measures the calibration and finds the failures.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

CARD = """# {name}

{model} for facial expressions: {classes}. Raw gray faces of {side} pixels in, probabilities
out ([docs/export.md](../../docs/export.md)).

| | |
|---|---|
| experiment | {experiment}, seed {seed}, epoch {epoch} of {epochs} (best {monitor}) |
| data | FER2013, fingerprint {fingerprint} |
| protocol | {protocol} ([docs/protocols.md](../../docs/protocols.md)); test images with a copy or near twin in training: {leak} |
| trained on | {hardware}, {precision}, commit {commit} |
| files | ONNX opset {opset}, {parameters:,} numbers ({network:,} parameters in the network: folding turns shifts into maps); checksums in SHA256SUMS |
| licence | Apache-2.0 |

## How good it is

Test split, {n} images, positive class {positive}; the run's figures, in float32:

| accuracy | 95 % interval | macro F1 | AUC | log-loss | Brier |
|---|---|---|---|---|---|
| {accuracy:.4f} | {low:.4f} to {high:.4f} | {macro_f1:.4f} | {auc} | {log_loss:.3f} | {brier:.3f} |

| class | precision | recall | F1 | images |
|---|---|---|---|---|
{rows}

## The files

Each against the run's model: accuracy lost on the {drop_split} split ({drop_images} images; the test
split chooses nothing), the same class and the largest difference of one probability on the test
split. One face: median, OpenVINO; torch takes {torch:.2f} ms.

| file | MB | accuracy lost | same class | difference | one face |
|---|---|---|---|---|---|
{files}

{processor}, {threads} thread(s); load average when this card was written: {load:.1f}.

## Does it know how sure it is?

On the {calibration_split} split it gives its answers a probability of {confidence:.1f} % on average and is
right in {right:.1f} %.

| | expected calibration error, bins of equal width | of equal mass | log-loss |
|---|---|---|---|
| as trained | {ece_width:.4f} | {ece_mass:.4f} | {ece_loss:.4f} |
{scaled}
{temperature}

## What it is surely wrong on

Per class the test images with the most confident wrong answers. The photographs may not be passed
on; this draws them from your own copy of the data (`FERBENCH_DATA`):

```
ferbench failures models/{name}/run --out failures.png
```

{failures}

## What it is for, and what not

- For demonstrations, teaching and as a baseline: photographs of one frontal face, cropped as
  `ferbench predict` does it.
- It tells what a face shows, not what a person feels. Not for decisions about people, for
  surveillance, hiring, medicine or law.
- FER2013 was collected from the web with noisy labels; ages, skin tones and cultures are not
  balanced and not recorded, so fairness could not be measured.
- Other cameras, poses, light or masks than in FER2013 lower the figures above, and its
  confidence says nothing about pictures without a face.
"""


def read(run, name):
    return json.loads((run / name).read_text())


def fastest(entry):
    return min((x for x in entry["latency"] if x["runtime"] != "torch"),
               key=lambda x: x["median_ms"])


def file_row(file, entry):
    check, best = entry["verification"], fastest(entry)
    return (f"| {file} | {entry['size_bytes'] / 1e6:.2f} | {check['drop']['points']:.2f} points "
            f"| {100 * check['same_class']:.1f} % | {check['largest_difference']:.1e} "
            f"| {best['median_ms']:.2f} ms ({best['runtime'].removeprefix('openvino ')}) |")


def failure_table(classes):
    lines = ["| class | wrong | answer | probability | image |", "|---|---|---|---|---|"]
    for one in classes:
        head = f"{one['class']} | {one['wrong']} of {one['images']}"
        if not one["worst"]:
            lines.append(f"| {head} | | | |")
        for failure in one["worst"]:
            lines.append(f"| {head} | {failure['predicted']} | {failure['probability']:.4f} "
                         f"| `{failure['id']}` |")
            head = " | "
    return "\n".join(lines)


def calibration_parts(calibration):
    if calibration["temperature"] is None:
        return {"scaled": "", "temperature": "No temperature was fitted."}
    scaled = calibration["scaled"]
    return {
        "scaled": f"| scaled | {scaled['ece_equal_width']:.4f} | {scaled['ece_equal_mass']:.4f} "
                  f"| {scaled['log_loss']:.4f} |\n",
        "temperature": f"Temperature {calibration['temperature']:.3f}, fitted on the validation "
                       "split; the files answer as trained, unscaled."}


def main():
    run, name, files = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    metrics, exports = read(run, "metrics.json"), read(run, "export.json")
    entries = [exports[file] for file in files]
    test, first = metrics["test"], entries[0]
    found = json.loads(subprocess.run(
        ["build/ferbench", "failures", str(run), "--json"], check=True,
        capture_output=True, text=True).stdout)
    calibration = found["calibration"]
    rows = "\n".join(
        f"| {label} | {c['precision']:.3f} | {c['recall']:.3f} | {c['f1']:.3f} | {c['support']} |"
        for label, c in test["classes"].items())
    share = metrics.get("leaky_share")
    drop = first["verification"]["drop"]
    print(CARD.format(
        name=name, model=metrics["model"]["name"], classes=", ".join(test["classes"]),
        side=re.search(r"image_size: (\d+)", (run / "config.yaml").read_text())[1],
        experiment=metrics["experiment"], seed=metrics["seed"],
        epoch=metrics["checkpoint_epoch"],
        monitor=read(run, f"checkpoints/{metrics['checkpoint']}.json")["monitor"],
        epochs=len((run / "history.csv").read_text().splitlines()) - 1,
        fingerprint=metrics["data"]["fingerprint"][:16], protocol=metrics["protocol"],
        leak="none found" if not share else f"{100 * share:.1f} %",
        hardware=metrics["hardware"], precision=metrics["precision"], commit=metrics["commit"],
        opset=first["opset"], parameters=first["parameters"],
        network=metrics["model"]["parameters"],
        n=test["n"], positive=test.get("positive_class", "none"), accuracy=test["accuracy"],
        low=test["accuracy_interval"][0], high=test["accuracy_interval"][1],
        macro_f1=test["macro_f1"], auc=f"{test['auc']:.4f}" if "auc" in test else "-",
        log_loss=test["log_loss"], brier=test["brier"], rows=rows,
        drop_split={"val": "validation", "train": "training"}[drop["split"]],
        drop_images=drop["images"], files="\n".join(map(file_row, files, entries)),
        torch=next(x for x in first["latency"] if x["runtime"] == "torch")["median_ms"],
        processor=first["machine"]["processor"], threads=first["machine"]["threads"],
        load=os.getloadavg()[0], calibration_split=calibration["split"],
        confidence=100 * calibration["mean_confidence"], right=100 * calibration["accuracy"],
        ece_width=calibration["ece_equal_width"], ece_mass=calibration["ece_equal_mass"],
        ece_loss=calibration["log_loss"], failures=failure_table(found["classes"]),
        **calibration_parts(calibration)), end="")


if __name__ == "__main__":
    main()
