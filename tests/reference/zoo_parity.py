"""The zoo's originals: logits, loss, gradients and moving statistics.

Writes zoo/<model>.json beside itself, one file per model; without arguments
all of them. Versions: torch 2.11.0, torchvision 0.26.0, timm 1.0.31,
transformers 5.23.0, keras 3.15.1 (KERAS_BACKEND=torch, CPU), Python 3.11.
Everything is computed in double.

No random number is drawn: tensor number t of our list is filled by the hash of
fill.py (t counts from 0), the images are tensor 1000. Names and shapes are
ours, which are torchvision's (ResNets) and timm's (the others); originals with
other names or layouts are filled through a map. timm's EfficientNets must also
agree with torchvision's here, or nothing is written.
"""

import os
import pathlib
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import timm
import torch
import torchvision
import transformers
from keras.src.applications import efficientnet
from keras.src.backend.common import dtypes
from timm.layers import resample_abs_pos_embed

import fill

dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

IMAGES_T = 1000
FOLDER = pathlib.Path(__file__).parent / "zoo"


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


def value_of(name, shape, t):
    kind = kind_of(name, shape)
    scale = scale_of(kind, shape)
    u = fill.unit(int(np.prod(shape)), t)
    if kind == "variance":
        value = 1.0 + scale * u
    else:
        value = (1.0 if kind == "gain" else 0.0) + scale * (2.0 * u - 1.0)
    return value.astype(np.float32).astype(np.float64).reshape(shape)


def images(batch, channels, size):
    u = fill.unit(batch * channels * size * size, IMAGES_T)
    return u.astype(np.float32).astype(np.float64).reshape(
        batch, channels, size, size)


def digest(array):
    """l2, sum, and the first, middle and last value in C order."""
    flat = np.asarray(array, dtype=np.float64).ravel()
    at = [0, (flat.size - 1) // 2, flat.size - 1]
    return [float(np.sqrt((flat * flat).sum())), float(flat.sum())] + [
        float(flat[i]) for i in at]


def loss_of(logits, classes):
    labels = torch.arange(logits.shape[0]) % classes
    if logits.shape[1] == 1:
        return torch.nn.functional.binary_cross_entropy_with_logits(
            logits[:, 0], labels.double())
    return torch.nn.functional.cross_entropy(logits, labels)


class Original:
    """A torch module whose tensors have our names, or a map to them."""

    def __init__(self, module, rename=lambda name: name):
        self.module = module.double()
        self.rename = rename

    def tensors(self):
        """[(our name, tensor)], parameters then buffers, in the order of the
        module; num_batches_tracked is no weight."""
        rows = [(self.rename(n), p) for n, p in self.module.named_parameters()]
        rows += [(self.rename(n), b) for n, b in self.module.named_buffers()
                 if not n.endswith("num_batches_tracked")]
        return rows

    def shape(self, tensor):
        return list(tensor.shape)

    def assign(self, tensor, value):
        with torch.no_grad():
            tensor.copy_(torch.tensor(value))

    def gradient(self, tensor):
        return tensor.grad.numpy()

    def value(self, tensor):
        return tensor.detach().numpy()

    def logits(self, x, training):
        self.module.train(training)
        return self.module(torch.tensor(x))


class HuggingFaceVit(Original):
    """ViTForImageClassification: queries, keys and values are three tensors
    there and one here."""

    WORDS = {"attention.o_proj": "attn.proj", "layernorm_before": "norm1",
             "layernorm_after": "norm2", "mlp.fc1": "mlp.fc1",
             "mlp.fc2": "mlp.fc2"}
    OUTER = {"vit.embeddings.cls_token": "cls_token",
             "vit.embeddings.position_embeddings": "pos_embed",
             "vit.embeddings.patch_embeddings.projection": "patch_embed.proj",
             "vit.layernorm": "norm", "classifier": "head"}

    def name(self, theirs):
        for outer, ours in self.OUTER.items():
            if theirs.startswith(outer):
                return ours + theirs[len(outer):]
        _, _, block, *rest = theirs.split(".")
        return f"blocks.{block}." + self.WORDS[".".join(rest[:-1])] + (
            "." + rest[-1])

    def tensors(self):
        parameters = dict(self.module.named_parameters())
        rows = []
        for theirs, tensor in parameters.items():
            if "q_proj" in theirs:
                start, end = theirs.split("attention.q_proj")
                block = start.split(".")[2]
                rows.append((f"blocks.{block}.attn.qkv{end}",
                             [parameters[theirs.replace("q_proj", p)]
                              for p in ("q_proj", "k_proj", "v_proj")]))
            elif "k_proj" not in theirs and "v_proj" not in theirs:
                rows.append((self.name(theirs), [tensor]))
        return rows

    def shape(self, parts):
        return [sum(p.shape[0] for p in parts), *parts[0].shape[1:]]

    def assign(self, parts, value):
        at = 0
        for p in parts:
            super().assign(p, value[at:at + p.shape[0]])
            at += p.shape[0]

    def gradient(self, parts):
        return np.concatenate([p.grad.numpy() for p in parts])

    def logits(self, x, training):
        self.module.train(training)
        return self.module(torch.tensor(x)).logits


class KerasOriginal(Original):
    """A Keras model: HWIO kernels, NHWC images; `layer_name` maps layers, to
    None those without weights of ours."""

    def __init__(self, model, layer_name):
        self.model = model
        words = {"kernel": "weight", "bias": "bias", "gamma": "weight",
                 "beta": "bias", "moving_mean": "running_mean",
                 "moving_variance": "running_var"}
        self.rows = []
        for layer in model.layers:
            prefix = layer_name(layer.name)
            if prefix is None:
                continue
            for variable in layer.weights:
                self.rows.append((prefix + "." + words[variable.name],
                                  variable))

    def tensors(self):
        moving = ("running_mean", "running_var")
        return ([r for r in self.rows if not r[0].endswith(moving)]
                + [r for r in self.rows if r[0].endswith(moving)])

    @staticmethod
    def ours(array):
        array = np.asarray(array)
        if array.ndim == 4:
            return array.transpose(3, 2, 0, 1)
        return array.T if array.ndim == 2 else array

    @staticmethod
    def theirs(array):
        if array.ndim == 4:
            return array.transpose(2, 3, 1, 0)
        return array.T if array.ndim == 2 else array

    def shape(self, variable):
        s = list(variable.shape)
        if len(s) == 4:
            return [s[3], s[2], s[0], s[1]]
        return s[::-1] if len(s) == 2 else s

    def assign(self, variable, value):
        variable.assign(np.ascontiguousarray(self.theirs(value)))

    def gradient(self, variable):
        return self.ours(variable.value.grad.numpy())

    def value(self, variable):
        return self.ours(keras.ops.convert_to_numpy(variable))

    def logits(self, x, training):
        x = torch.tensor(np.ascontiguousarray(x.transpose(0, 2, 3, 1)))
        return self.model(x, training=training)


class KerasEfficientNet(KerasOriginal):
    """Depthwise kernels are [k, k, C, 1] there, [C, 1, k, k] here; pixels go up
    to 255 there, and the untrained Normalization layer holds no weights."""

    @staticmethod
    def depthwise(array):
        return len(array.shape) == 4 and array.shape[3] == 1

    def ours(self, array):
        array = np.asarray(array)
        if self.depthwise(array):
            return array.transpose(2, 3, 0, 1)
        return KerasOriginal.ours(array)

    def theirs(self, array):
        if array.ndim == 4 and array.shape[1] == 1:
            return array.transpose(2, 3, 0, 1)
        return KerasOriginal.theirs(array)

    def shape(self, variable):
        s = list(variable.shape)
        return [s[2], s[3], s[0], s[1]] if self.depthwise(variable) else (
            super().shape(variable))

    def logits(self, x, training):
        return super().logits(255.0 * x, training)


def fill_rows(original):
    """[(our name, tensor)] by name, every tensor filled."""
    rows = sorted(original.tensors(), key=lambda row: row[0])
    for t, (ours, tensor) in enumerate(rows):
        original.assign(tensor, value_of(ours, original.shape(tensor), t))
    return rows


def record(name, original, channels, size, classes, batch, reference,
           dropout=(), file=None, vit=None):
    """`dropout`: rates that switch our model's dropout off, where it has any;
    `vit`: settings of model.vit."""
    rows = fill_rows(original)
    x = images(batch, channels, size)
    with torch.no_grad():
        still = original.logits(x, training=False)
    logits = original.logits(x, training=True)
    loss = loss_of(logits, classes)
    loss.backward()
    tensors = []
    for ours, tensor in rows:
        moving = ours.endswith(("running_mean", "running_var"))
        after = (original.value if moving else original.gradient)(tensor)
        shape = original.shape(tensor)
        kind = kind_of(ours, shape)
        tensors.append({"name": ours, "shape": shape, "kind": kind,
                        "scale": scale_of(kind, shape),
                        "after": digest(after)})
    fill.write_json(FOLDER / f"{file or name}.json", {
        "model": name, "reference": reference, "dropout": list(dropout),
        **({"vit": vit} if vit else {}),
        "shape": [channels, size, classes], "batch": batch,
        "parameters": int(sum(np.prod(t["shape"]) for t in tensors)),
        "logits_evaluation": fill.numbers(still.detach().numpy()),
        "logits_training": fill.numbers(logits.detach().numpy()),
        "loss": float(loss.detach()), "tensors": tensors})
    print(f"{file or name}: {len(tensors)} tensors, loss {float(loss.detach()):.6f}")


def torchvision_resnet(name):
    def make():
        module = getattr(torchvision.models, name)(num_classes=7)
        record(name, Original(module), 3, 64, 7, 4,
               f"torchvision {torchvision.__version__} {name}")
    return make


def keras_resnet_name(keras_name):
    """conv3_block2_1_conv -> layer2.1.conv1, and so on."""
    stem = {"conv1_conv": "conv1", "conv1_bn": "bn1", "post_bn": "post_bn",
            "logits": "fc"}
    if keras_name in stem:
        return stem[keras_name]
    stage, block, *rest = keras_name.split("_")
    prefix = f"layer{int(stage[4:]) - 1}.{int(block[5:]) - 1}."
    if rest == ["preact", "bn"]:
        return prefix + "preact_bn"
    number, word = rest
    if number == "0":
        return prefix + {"conv": "downsample.0", "bn": "downsample.1"}[word]
    return prefix + word + number


def keras_resnet(name, factory, pooling, size, batch, rename):
    def make():
        keras.config.set_floatx("float64")
        inputs = keras.Input((size, size, 3))
        base = factory(include_top=False, weights=None, input_tensor=inputs,
                       pooling=pooling)
        classes = 2 if name == "resnet50_keras" else 7
        head = keras.layers.Dense(1 if classes == 2 else classes,
                                  name="logits")(base.output)
        model = keras.Model(inputs, head)
        record(name, KerasOriginal(model, rename), 3, size, classes, batch,
               f"Keras {keras.__version__} {factory.__name__}")
    return make


def keras_v2_name(keras_name):
    ours = keras_resnet_name(keras_name)
    return ours.replace("downsample.0", "shortcut")


def plain_cnn(lines, size, classes, batch_norm):
    """The tables of src/models/plain_cnn.cpp, layer by layer in Keras."""
    k = keras.layers
    x = inputs = keras.Input((size, size, 1))
    counts = {"conv": 0, "dense": 0}
    for step, width in lines:
        if step in counts:
            counts[step] += 1
        if step == "conv":
            n = counts["conv"]
            x = k.Conv2D(width, 3, padding="same", activation="relu",
                         name=f"conv{n}")(x)
            if batch_norm:
                x = k.BatchNormalization(name=f"bn{n}")(x)
        elif step == "pool":
            x = k.MaxPooling2D(2)(x)
        elif step == "flatten":
            # Ours flattens [C, H, W].
            x = k.Flatten()(k.Permute((3, 1, 2))(x))
        elif step == "dense":
            x = k.Dense(width, activation="relu",
                        name=f"dense{counts['dense']}")(x)
    return keras.Model(inputs, k.Dense(classes, name="logits")(x))


VGG16 = ([("conv", 64)] * 2 + [("pool", 0)] + [("conv", 128)] * 2
         + [("pool", 0)] + [("conv", 256)] * 3 + [("pool", 0)]
         + [("conv", 512)] * 3 + [("pool", 0)] + [("conv", 512)] * 3
         + [("pool", 0), ("flatten", 0), ("dense", 512), ("dense", 256)])
CNN50 = [("conv", 32), ("pool", 0), ("conv", 64), ("pool", 0), ("conv", 128),
         ("pool", 0), ("flatten", 0), ("dense", 128)]
CNN48 = [("conv", 32), ("conv", 64), ("pool", 0), ("conv", 128), ("pool", 0),
         ("conv", 128), ("pool", 0), ("flatten", 0), ("dense", 1024)]


def plain(name, lines, size, classes, batch_norm, dropouts):
    def make():
        keras.config.set_floatx("float64")
        record(name, KerasOriginal(plain_cnn(lines, size, classes, batch_norm),
                                   lambda layer: layer),
               1, size, classes, 8, f"Keras {keras.__version__}, by layers",
               [0.0] * dropouts)
    return make


def timm_vit():
    patch = 8
    module = timm.create_model("vit_tiny_patch16_224", img_size=48,
                               patch_size=patch, num_classes=7)
    record("vit_tiny", Original(module), 3, 48, 7, 4,
           f"timm {timm.__version__} vit_tiny_patch16_224",
           vit={"patch_size": patch, "layer_norm_epsilon": 1e-6})


def hugging_face_vit():
    patch, epsilon = 16, 1e-12
    config = transformers.ViTConfig(
        hidden_size=192, num_hidden_layers=12, num_attention_heads=3,
        intermediate_size=768, image_size=64, patch_size=patch, num_labels=7,
        layer_norm_eps=epsilon)
    module = transformers.ViTForImageClassification(config)
    record("vit_tiny", HuggingFaceVit(module), 3, 64, 7, 4,
           f"transformers {transformers.__version__} ViTForImageClassification",
           file="vit_tiny_huggingface",
           vit={"patch_size": patch, "layer_norm_epsilon": epsilon})


def positions():
    """timm's resample_abs_pos_embed in float32."""
    cases = []
    for t, (old, new, width) in enumerate([(3, 5, 4), (7, 4, 2), (2, 6, 3)]):
        u = fill.unit((1 + old * old) * width, t)
        grid = torch.tensor((2.0 * u - 1.0).astype(np.float32)).reshape(
            1, -1, width)
        cases.append({"from": old, "to": new, "width": width,
                      "expected": fill.numbers(
                          resample_abs_pos_embed(grid, [new, new]))})
    fill.write_json(FOLDER / "positions.json", {
        "reference": f"timm {timm.__version__} resample_abs_pos_embed",
        "cases": cases})


def torchvision_efficientnet_name(theirs):
    """features.2.0.block.1.0.weight -> blocks.1.0.conv_dw.weight, and so on."""
    part, stage, *rest = theirs.split(".")
    if part == "classifier":
        return "classifier." + rest[0]
    if stage in ("0", "8"):
        stem = stage == "0"
        words = {"0": "conv_stem" if stem else "conv_head",
                 "1": "bn1" if stem else "bn2"}
        return f"{words[rest[0]]}.{rest[1]}"
    block, _, step, inner, word = rest
    names = [("conv_dw", "bn1"), ("se.conv_reduce", "se.conv_expand"),
             ("conv_pw", "bn2")]
    if stage != "1":  # with an expansion
        names = [("conv_pw", "bn1"), ("conv_dw", "bn2"), names[1],
                 ("conv_pwl", "bn3")]
    second = inner in ("1", "fc2")
    return f"blocks.{int(stage) - 1}.{block}.{names[int(step)][second]}.{word}"


def gradients(original, classes, x):
    rows = fill_rows(original)
    logits = original.logits(x, training=True)
    loss_of(logits, classes).backward()
    return {n: p.grad for n, p in rows if p.requires_grad}, logits


def assert_same_as_torchvision(name):
    ours, logits = gradients(
        Original(timm.create_model(name, num_classes=7)), 7, images(4, 3, 64))
    module = getattr(torchvision.models, name)(
        num_classes=7, dropout=0.0, stochastic_depth_prob=0.0)
    theirs, expected = gradients(
        Original(module, torchvision_efficientnet_name), 7, images(4, 3, 64))
    assert ours.keys() == theirs.keys()
    torch.testing.assert_close(logits, expected, rtol=1e-9, atol=1e-12)
    for key, gradient in ours.items():
        scale = gradient.norm()
        assert (gradient - theirs[key]).norm() <= 1e-9 * max(scale, 1e-5), key


def timm_efficientnet(name, size, batch):
    def make():
        assert_same_as_torchvision(name)
        record(name, Original(timm.create_model(name, num_classes=7)), 3, size,
               7, batch, f"timm {timm.__version__} and torchvision "
               f"{torchvision.__version__} {name}", [0.0, 0.0])
    return make


def keras_efficientnet_name(keras_name):
    """block2a_expand_conv -> blocks.1.0.conv_pw, and so on."""
    outer = {"stem_conv": "conv_stem", "stem_bn": "bn1", "top_conv":
             "conv_head", "top_bn": "bn2"}
    if keras_name in outer:
        return outer[keras_name]
    if not keras_name.startswith("block"):
        own = ("head_bn", "head_dense", "classifier")
        return keras_name if keras_name in own else None
    block, word = keras_name.split("_", 1)
    stage, index = int(block[5]) - 1, ord(block[6]) - ord("a")
    expands = stage > 0
    words = {"expand_conv": "conv_pw", "expand_bn": "bn1", "dwconv": "conv_dw",
             "bn": "bn2" if expands else "bn1", "se_reduce": "se.conv_reduce",
             "se_expand": "se.conv_expand",
             "project_conv": "conv_pwl" if expands else "conv_pw",
             "project_bn": "bn3" if expands else "bn2"}
    if word not in words:
        return None
    return f"blocks.{stage}.{index}.{words[word]}"


def keras_efficientnet(name, size, batch, fer_head):
    """Size 40 has strides of 2 on even and odd sizes: 40, 20, 10, 5, 3."""
    def make():
        keras.config.set_floatx("float64")
        inputs = keras.Input((size, size, 3))
        x = efficientnet.EfficientNet(
            1.2, 1.4, 300, drop_connect_rate=0.0, include_top=False,
            weights=None, input_tensor=inputs,
            pooling="max" if fer_head else "avg").output
        if fer_head:
            x = keras.layers.BatchNormalization(name="head_bn")(x)
            x = keras.layers.Dense(256, activation="relu", name="head_dense")(x)
        outputs = keras.layers.Dense(7, name="classifier")(x)
        record(name, KerasEfficientNet(keras.Model(inputs, outputs),
                                       keras_efficientnet_name),
               3, size, 7, batch,
               f"Keras {keras.__version__} EfficientNetB3",
               [0.0, 0.0])
    return make


MODELS = {
    "vit_tiny": timm_vit,
    "vit_tiny_huggingface": hugging_face_vit,
    "positions": positions,
    "efficientnet_b0": timm_efficientnet("efficientnet_b0", 64, 4),
    "efficientnet_b3": timm_efficientnet("efficientnet_b3", 48, 2),
    "efficientnet_b3_keras": keras_efficientnet("efficientnet_b3_keras", 40, 2,
                                                False),
    "efficientnet_b3_fer": keras_efficientnet("efficientnet_b3_fer", 32, 4,
                                              True),
    "vgg16_bn_fer": plain("vgg16_bn_fer", VGG16, 48, 7, True, 0),
    "cnn50": plain("cnn50", CNN50, 50, 4, False, 1),
    "cnn48": plain("cnn48", CNN48, 48, 7, False, 3),
    "resnet18": torchvision_resnet("resnet18"),
    "resnet34": torchvision_resnet("resnet34"),
    "resnet50": torchvision_resnet("resnet50"),
    "resnet50_keras": keras_resnet(
        "resnet50_keras", keras.applications.ResNet50, "max", 48, 4,
        keras_resnet_name),
    "resnet50v2": keras_resnet(
        "resnet50v2", keras.applications.ResNet50V2, "avg", 64, 4,
        keras_v2_name),
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for model_name in sys.argv[1:] or MODELS:
        MODELS[model_name]()
