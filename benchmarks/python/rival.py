"""Fernet in PyTorch or Keras: one rival of benchmarks/compare.py, on the CPU.

    python3 rival.py WAY [--threads 2]

Answers lines of JSON until its input ends, as benchmarks/fernet_rates.cpp does (the
questions stand there). Versions: torch 2.11.0, keras 3.15.1. The ways:
  plain        as tutorials have it: a DataLoader, NCHW, Adam
  strong       images in memory, channels_last, fused Adam: the best eager settings
  compile      the same with torch.compile (needs g++ when it runs)
  overhead     the same with mode="reduce-overhead"
  autotune     the same with mode="max-autotune"
  keras        Keras on torch: compile and fit
bf16 is autocast (Keras: mixed_bfloat16). Losses of the first step are taken without
dropout and before anything is compiled; inference is checked as it is measured.
"""

import argparse
import json
import statistics
import sys
import time

import torch
from torch import nn

import formula

MODES = {"compile": None, "overhead": "reduce-overhead", "autotune": "max-autotune"}
RATES = (0.4, 0.4, 0.5, 0.5, 0.6, 0.6)


def block(inputs, outputs, kernel, rate):
    layers = []
    for channels in (inputs, outputs):
        layers += [
            nn.Conv2d(channels, outputs, kernel, padding=kernel // 2),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01),
        ]
    return layers + [nn.MaxPool2d(2), nn.Dropout(rate)]


def fernet(rates):
    layers = block(1, 32, 5, rates[0]) + block(32, 64, 3, rates[1])
    layers += block(64, 128, 3, rates[2]) + block(128, 256, 3, rates[3])
    layers.append(nn.Flatten())
    features = 2304
    for width, rate in zip((512, 128), rates[4:]):
        layers += [
            nn.Linear(features, width),
            nn.ReLU(inplace=True),
            nn.BatchNorm1d(width, eps=1e-3, momentum=0.01),
            nn.Dropout(rate),
        ]
        features = width
    model = nn.Sequential(*layers, nn.Linear(features, 1))
    with torch.no_grad():
        for t, (name, tensor) in enumerate(model.named_parameters()):
            tensor.copy_(torch.from_numpy(
                formula.parameter(t, name, tuple(tensor.shape))))
    return model


class Resident:
    """Batches out of images that stay in memory, as ferbench has them."""

    def __init__(self, batch, layout):
        self.images = torch.from_numpy(formula.images())
        self.labels = torch.from_numpy(formula.labels())
        self.batch, self.layout, self.at = batch, layout, 0

    def next(self):
        rows = torch.arange(self.at, self.at + self.batch) % formula.IMAGES
        self.at = (self.at + self.batch) % formula.IMAGES
        x = (self.images[rows].float() / 255).contiguous(memory_format=self.layout)
        return x, self.labels[rows].float()


class Loader:
    """Batches as a DataLoader makes them, image by image."""

    def __init__(self, batch):
        images, labels = formula.images(), formula.labels()
        rows = [(torch.from_numpy(images[i]), float(labels[i]))
                for i in range(formula.IMAGES)]

        class Faces(torch.utils.data.Dataset):
            def __len__(self):
                return len(rows)

            def __getitem__(self, i):
                return rows[i][0].float() / 255, rows[i][1]

        self.loader = torch.utils.data.DataLoader(
            Faces(), batch_size=batch, drop_last=formula.IMAGES >= batch)
        self.iterator = iter(())

    def next(self):
        for x, y in self.iterator:
            return x, y.float()
        self.iterator = iter(self.loader)
        return self.next()


class Fernet:
    """One model with its optimizer and batches, in one arithmetic."""

    def __init__(self, way, precision, batch, dropout=True):
        torch.manual_seed(1)
        plain = way == "plain"
        layout = torch.contiguous_format if plain else torch.channels_last
        self.model = fernet(RATES if dropout else (0,) * 6).to(memory_format=layout)
        self.call = self.model
        if dropout and way in MODES:
            self.call = torch.compile(self.model, mode=MODES[way])
        self.optimizer = torch.optim.Adam(
            self.model.parameters(), lr=1e-3, eps=1e-7, fused=None if plain else True)
        self.batches = Loader(batch) if plain else Resident(batch, layout)
        self.bf16 = precision == "bf16"
        self.loss = nn.BCEWithLogitsLoss()

    def step(self):
        x, y = self.batches.next()
        self.model.train()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            logits = self.call(x)
        loss = self.loss(logits.squeeze(1).float(), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def answer(self):
        x, _ = self.batches.next()
        self.model.eval()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            logits = self.call(x)
        return logits.double().mean().item()


class Worker:
    def __init__(self, way):
        self.way, self.kept = way, {}
        if way == "keras":
            import keras_fernet
            self.new = keras_fernet.KerasFernet
        else:
            self.new = lambda *a, **k: Fernet(way, *a, **k)

    def reply(self, ask):
        key = (ask["mode"], ask["precision"], ask["batch"])
        training = ask["mode"] == "training"
        if ask["do"] == "check":
            # Inference without dropout is what is measured, too: keep it.
            fresh = self.new(*key[1:], dropout=not training)
            if not training:
                self.kept[key] = fresh
            return {"value": fresh.step() if training else fresh.answer()}
        warm_up = 1 if key in self.kept else 3
        one = self.kept.setdefault(key, None) or self.new(*key[1:])
        self.kept[key] = one
        work = one.step if training else one.answer
        for _ in range(warm_up):
            work()
        seconds, end = [], time.perf_counter() + ask["seconds"]
        while len(seconds) < 2 or time.perf_counter() < end:
            start = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - start)
        return {"images_per_second": ask["batch"] / statistics.median(seconds)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=["plain", "strong", *MODES, "keras"])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    worker = Worker(options.way)
    for line in sys.stdin:
        print(json.dumps(worker.reply(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
