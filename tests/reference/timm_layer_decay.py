"""Learning-rate scale and weight decay of each parameter in timm.

Writes timm_layer_decay.json beside itself:
{model: {parameter: [scale, decays (1 or 0)]}} from param_groups_layer_decay
with layer_decay = 0.75 and timm's exclusion of parameters of one dimension.
Versions: timm 1.0.31, torch 2.11.0, Python 3.11.
"""

import json
import pathlib

import timm
from timm.optim import param_groups_layer_decay

DECAY = 0.75
MODELS = {
    "vit_tiny": "vit_tiny_patch16_224",
    "resnet18": "resnet18",
    "resnet50": "resnet50",
    "efficientnet_b0": "efficientnet_b0",
}


def parameters_of(original):
    model = timm.create_model(original, pretrained=False, num_classes=7)
    groups = param_groups_layer_decay(
        model, weight_decay=0.05, layer_decay=DECAY, weight_decay_exclude_1d=True)
    found = {}
    for group in groups:
        for parameter in group["params"]:
            found[id(parameter)] = [group["lr_scale"], int(group["weight_decay"] > 0)]
    return {name: found[id(p)] for name, p in model.named_parameters()}


def main():
    assert timm.__version__ == "1.0.31", timm.__version__
    rows = []
    for name, original in MODELS.items():
        lines = [f"  {json.dumps(k)}: {json.dumps(v)}"
                 for k, v in parameters_of(original).items()]
        rows.append(f"{json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n}")
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
