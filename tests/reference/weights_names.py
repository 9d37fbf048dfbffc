"""Weights under the names of other libraries, and what the originals say.

Writes weights/<case>.json beside itself: the names and shapes that the library
itself stores, and the logits of the library's own model filled with them.
Versions: torch 2.11.0, torchvision 0.26.0, timm 1.0.31, transformers 5.23.0,
safetensors 0.8.0, numpy 2.4.6, Python 3.11. Computed in double.

Tensor number t of a list (sorted by name, t from 0) is filled by the hash of
fill.py, the images are tensor 1000. The C++ test writes the same file and loads
it by our name tables; that queries, keys and values land in their places shows
in the logits alone.
"""

import pathlib
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
FOLDER = pathlib.Path(__file__).parent / "weights"


def kind_of(name, shape):
    if name.endswith("running_mean"):
        return "mean"
    if name.endswith("running_var"):
        return "variance"
    if len(shape) >= 2:
        return "kernel" if name.endswith("weight") else "token"
    return "gain" if name.endswith("weight") else "bias"


def scale_of(kind, shape):
    if kind == "kernel":
        return float(np.sqrt(6.0 / np.prod(shape[1:])))
    return {"bias": 0.05, "gain": 0.1, "mean": 0.1, "variance": 0.2,
            "token": 0.02}[kind]


def value_of(kind, scale, shape, t):
    u = fill.unit(int(np.prod(shape)), t)
    if kind == "variance":
        value = 1.0 + scale * u
    else:
        value = (1.0 if kind == "gain" else 0.0) + scale * (2.0 * u - 1.0)
    return torch.tensor(value.astype(np.float32).reshape(shape))


def filled(shapes):
    """(rows for the JSON, {name: tensor}) for {name: shape}."""
    rows, tensors = [], {}
    names = sorted(n for n in shapes if not n.endswith("num_batches_tracked"))
    for t, name in enumerate(names):
        shape = list(shapes[name])
        kind = kind_of(name, shape)
        scale = scale_of(kind, shape)
        rows.append({"name": name, "shape": shape, "kind": kind,
                     "scale": scale})
        tensors[name] = value_of(kind, scale, shape, t)
    return rows, tensors


def images(size):
    u = fill.unit(2 * 3 * size * size, IMAGES_T)
    return torch.tensor(u.astype(np.float32).astype(np.float64)).reshape(
        2, 3, size, size)


def write(case, model, layout, size, rows, logits, vit=None):
    FOLDER.mkdir(exist_ok=True)
    fill.write_json(FOLDER / f"{case}.json", {
        "model": model, "layout": layout, "image_size": size,
        **({"vit": vit} if vit else {}),
        "logits": fill.numbers(logits.detach().numpy()), "tensors": rows})
    print(f"{case}: {len(rows)} tensors, first logit {logits[0, 0]:.6f}")


def plain(case, model, layout, size, module, vit=None):
    """A module whose state_dict is what is stored."""
    rows, tensors = filled({n: t.shape for n, t in module.state_dict().items()})
    left = module.load_state_dict(tensors, strict=False)
    assert not left.unexpected_keys and all(
        n.endswith("num_batches_tracked") for n in left.missing_keys)
    with torch.no_grad():
        logits = module.double().eval()(images(size))
    write(case, model, layout, size, rows, logits, vit)


def hugging_face(patch, epsilon):
    size = 48
    config = transformers.ViTConfig(
        hidden_size=192, num_hidden_layers=12, num_attention_heads=3,
        intermediate_size=768, image_size=size, patch_size=patch,
        num_labels=CLASSES, layer_norm_eps=epsilon)
    vit = {"patch_size": patch, "layer_norm_epsilon": epsilon}
    make = transformers.ViTForImageClassification
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.safetensors"
        make(config).save_pretrained(folder)
        shapes = {n: t.shape
                  for n, t in safetensors.torch.load_file(file).items()}
        rows, tensors = filled(shapes)
        safetensors.torch.save_file(tensors, file, metadata={"format": "pt"})
        module = make.from_pretrained(folder)
    with torch.no_grad():
        logits = module.double().eval()(images(size)).logits
    write("huggingface_vit_file", "vit_tiny", "huggingface", size, rows, logits,
          vit)
    # The names that a state_dict has in memory.
    rows, tensors = filled({n: t.shape for n, t in module.state_dict().items()})
    module.float().load_state_dict(tensors)
    with torch.no_grad():
        logits = module.double()(images(size)).logits
    write("huggingface_vit_memory", "vit_tiny", "huggingface", size, rows,
          logits, vit)


def main():
    torch.set_num_threads(1)
    vit = {"patch_size": 8, "layer_norm_epsilon": 1e-6}
    for name in ("resnet18", "resnet50"):
        plain(f"torchvision_{name}", name, "torchvision", 64,
              getattr(torchvision.models, name)(num_classes=CLASSES))
    plain("timm_resnet50", "resnet50", "timm", 64,
          timm.create_model("resnet50", num_classes=CLASSES))
    plain("torchvision_vit", "vit_tiny", "torchvision", 48,
          torchvision.models.VisionTransformer(48, 8, 12, 3, 192, 768,
                                               num_classes=CLASSES), vit)
    plain("timm_vit", "vit_tiny", "timm", 48,
          timm.create_model("vit_tiny_patch16_224", img_size=48, patch_size=8,
                            num_classes=CLASSES), vit)
    for library, module in (
            ("torchvision", torchvision.models.efficientnet_b0(
                num_classes=CLASSES)),
            ("timm", timm.create_model("efficientnet_b0",
                                       num_classes=CLASSES))):
        plain(f"{library}_efficientnet_b0", "efficientnet_b0", library, 64,
              module)
    hugging_face(8, 1e-12)


if __name__ == "__main__":
    main()
