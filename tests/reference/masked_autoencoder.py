"""Hugging Face's masked autoencoder: drawing, loss and gradients in double.

Writes masked_autoencoder.json beside itself. Versions: torch 2.11.0,
transformers 5.23.0, Python 3.11.

ViTMAEForPreTraining with the encoder of vit_tiny; no random number is drawn:
tensor number t of our list (sorted by our names; positions apart) is filled by
the hash of fill.py, the images are tensor 1000, and `noise` makes it see the
patches of `visible`. Positions are those of its initialize_weights (a model made
from a configuration has zeros there in 5.23.0: post_init writes over them).
"""

import pathlib

import numpy as np
import torch
import transformers
from transformers.models.vit_mae import modeling_vit_mae as reference

import fill

IMAGES_T = 1000
SIZE, PATCH, CHANNELS, BATCH = 32, 8, 3, 4
PATCHES = (SIZE // PATCH) ** 2
VISIBLE = [[0, 5, 10, 15], [1, 2, 3, 4], [3, 6, 9, 12], [0, 7, 8, 14]]
DECODER = {"width": 32, "depth": 2, "heads": 4}
EPSILON = 1e-6

WORDS = {"attention.o_proj": "attn.proj", "layernorm_before": "norm1",
         "layernorm_after": "norm2", "mlp.fc1": "mlp.fc1",
         "mlp.fc2": "mlp.fc2"}
OUTER = {"vit.embeddings.cls_token": "cls_token",
         "vit.embeddings.patch_embeddings.projection": "patch_embed.proj",
         "vit.layernorm": "norm", "decoder.mask_token": "decoder.mask_token",
         "decoder.decoder_embed": "decoder.embed",
         "decoder.decoder_norm": "decoder.norm",
         "decoder.decoder_pred": "decoder.pixels"}
BLOCKS = {"vit.layers.": "blocks.",
          "decoder.decoder_layers.": "decoder.blocks."}


def our_name(theirs):
    for outer, ours in OUTER.items():
        if theirs.startswith(outer):
            return ours + theirs[len(outer):]
    for outer, ours in BLOCKS.items():
        if theirs.startswith(outer):
            block, rest = theirs[len(outer):].split(".", 1)
            layer, end = rest.rsplit(".", 1)
            return f"{ours}{block}.{WORDS[layer]}.{end}"
    raise KeyError(theirs)


def tensors(module):
    """[(our name, its parts)]: queries, keys and values are one of ours."""
    parameters = dict(module.named_parameters())
    rows = []
    for theirs, tensor in parameters.items():
        if theirs.endswith(("position_embeddings", "decoder_pos_embed")):
            continue
        if "q_proj" in theirs:
            ours = our_name(theirs.replace("q_proj", "o_proj"))
            rows.append((ours.replace("attn.proj", "attn.qkv"),
                         [parameters[theirs.replace("q_proj", p)]
                          for p in ("q_proj", "k_proj", "v_proj")]))
        elif "k_proj" not in theirs and "v_proj" not in theirs:
            rows.append((our_name(theirs), [tensor]))
    return sorted(rows, key=lambda row: row[0])


def shape_of(parts):
    return [sum(p.shape[0] for p in parts), *parts[0].shape[1:]]


def kind_and_scale(name, shape):
    if len(shape) >= 2 and name.endswith("weight"):
        return "kernel", float(np.sqrt(6.0 / np.prod(shape[1:])))
    if len(shape) >= 2:
        return "token", 0.02
    return ("gain", 0.1) if name.endswith("weight") else ("bias", 0.05)


def fill_tensors(rows):
    described = []
    for t, (name, parts) in enumerate(rows):
        shape = shape_of(parts)
        kind, scale = kind_and_scale(name, shape)
        value = (1.0 if kind == "gain" else 0.0) + scale * (
            2.0 * fill.unit(int(np.prod(shape)), t) - 1.0)
        value = torch.tensor(value.astype(np.float32).astype(np.float64)
                             .reshape(shape))
        at = 0
        for part in parts:
            with torch.no_grad():
                part.copy_(value[at:at + part.shape[0]])
            at += part.shape[0]
        described.append({"name": name, "shape": shape, "kind": kind,
                          "scale": scale})
    return described


def digest(array):
    """l2, sum, and the first, middle and last value in C order."""
    flat = np.asarray(array, dtype=np.float64).ravel()
    at = [0, (flat.size - 1) // 2, flat.size - 1]
    return [float(np.sqrt((flat * flat).sum())), float(flat.sum())] + [
        float(flat[i]) for i in at]


def positions(width):
    """As initialize_weights of encoder and decoder make them."""
    grid = SIZE // PATCH
    rows = reference.build_2d_sinusoidal_position_embedding(
        grid, grid, width, cls_token=True)
    return torch.cat([rows[:, width // 2:], rows[:, :width // 2]], dim=1)[None]


def make(normalise):
    config = transformers.ViTMAEConfig(
        hidden_size=192, num_hidden_layers=12, num_attention_heads=3,
        intermediate_size=768, image_size=SIZE, patch_size=PATCH,
        num_channels=CHANNELS, layer_norm_eps=EPSILON,
        decoder_hidden_size=DECODER["width"],
        decoder_num_hidden_layers=DECODER["depth"],
        decoder_num_attention_heads=DECODER["heads"],
        decoder_intermediate_size=4 * DECODER["width"],
        mask_ratio=0.75, norm_pix_loss=normalise)
    module = transformers.ViTMAEForPreTraining(config).double()
    with torch.no_grad():
        module.vit.embeddings.position_embeddings.copy_(positions(192))
        module.decoder.decoder_pos_embed.copy_(positions(DECODER["width"]))
    return module


def noise():
    """Smallest for the patches that are seen, in their order."""
    rows = np.arange(PATCHES) + np.full((BATCH, PATCHES), float(PATCHES))
    for row, visible in zip(rows, VISIBLE):
        row[visible] = range(len(visible))
    return torch.tensor(rows)


def case(normalise, images):
    module = make(normalise)
    rows = tensors(module)
    fill_tensors(rows)
    result = module(images, noise=noise())
    result.loss.backward()
    return {"normalise_target": normalise,
            "drawn": digest(result.logits.detach().numpy()),
            "loss": float(result.loss.detach()),
            "gradients": [digest(np.concatenate([p.grad.numpy()
                                                 for p in parts]))
                          for _, parts in rows]}


def main():
    torch.set_num_threads(1)
    u = fill.unit(BATCH * CHANNELS * SIZE * SIZE, IMAGES_T)
    images = torch.tensor(u.astype(np.float32).astype(np.float64).reshape(
        BATCH, CHANNELS, SIZE, SIZE))
    fill.write_json(
        pathlib.Path(__file__).with_suffix(".json"),
        {"reference": f"transformers {transformers.__version__} "
                      "ViTMAEForPreTraining",
         "shape": [CHANNELS, SIZE], "patch_size": PATCH,
         "layer_norm_epsilon": EPSILON, "decoder": DECODER,
         "visible": VISIBLE,
         "positions": digest(positions(192).numpy()),
         "decoder_positions": digest(positions(DECODER["width"]).numpy()),
         "tensors": fill_tensors(tensors(make(True))),
         "cases": [case(normalise, images) for normalise in (True, False)]})


if __name__ == "__main__":
    main()
