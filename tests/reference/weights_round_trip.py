"""Loads weights that ferbench wrote with the library whose names they carry.

`FOLDER` holds pairs <library>-<model>.safetensors and .json (written by
tests/models/weights_peer_test.cpp). Prints a line for each: name, largest
difference of the logits, their root mean square. Every tensor must find its
place, and every place its tensor. Versions: torch 2.11.0, torchvision 0.26.0,
timm 1.0.31, transformers 5.23.0, safetensors 0.8.0.
"""

import json
import pathlib
import sys
import tempfile

import numpy as np
import safetensors.torch
import timm
import torch
import torchvision
import transformers

import fill

IMAGES_T = 1000
CLASSES = 7
PATCH = 8


def torchvision_model(name, size):
    if name == "vit_tiny":
        return torchvision.models.VisionTransformer(
            size, PATCH, 12, 3, 192, 768, num_classes=CLASSES)
    return getattr(torchvision.models, name)(num_classes=CLASSES)


def timm_model(name, size):
    if name == "vit_tiny":
        return timm.create_model("vit_tiny_patch16_224", img_size=size,
                                 patch_size=PATCH, num_classes=CLASSES)
    return timm.create_model(name, num_classes=CLASSES)


def load_state(module, file):
    left = module.load_state_dict(safetensors.torch.load_file(file),
                                  strict=False)
    assert not left.unexpected_keys, left
    assert all(n.endswith("num_batches_tracked") for n in left.missing_keys)
    return module


def hugging_face(file, size):
    config = transformers.ViTConfig(
        hidden_size=192, num_hidden_layers=12, num_attention_heads=3,
        intermediate_size=768, image_size=size, patch_size=PATCH,
        num_labels=CLASSES, layer_norm_eps=1e-12)
    with tempfile.TemporaryDirectory() as folder:
        config.save_pretrained(folder)
        (pathlib.Path(folder) / "model.safetensors").write_bytes(
            file.read_bytes())
        module, info = transformers.ViTForImageClassification.from_pretrained(
            folder, output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"], info
    return module


def logits_of(file, case):
    size = case["image_size"]
    images = torch.tensor(
        fill.unit(2 * 3 * size * size, IMAGES_T).astype(np.float32)).reshape(
            2, 3, size, size)
    with torch.no_grad():
        if case["library"] == "huggingface":
            return hugging_face(file, size).eval()(images).logits
        make = (torchvision_model if case["library"] == "torchvision"
                else timm_model)
        return load_state(make(case["model"], size), file).eval()(images)


torch.set_num_threads(1)
for description in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    case = json.loads(description.read_text())
    theirs = logits_of(description.with_suffix(".safetensors"), case)
    ours = torch.tensor(case["logits"]).reshape(theirs.shape)
    print(description.stem, float((theirs - ours).abs().max()),
          float(theirs.square().mean().sqrt()))
