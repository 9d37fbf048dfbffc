"""A network in PyTorch or Keras: one rival of benchmarks/compare.py.

    python3 rival.py WAY [--model fernet] [--threads 2] [--device cpu]

Answers lines of JSON until its input ends, as benchmarks/model_rates.cpp does (the
questions stand there, but for "describe" and "peak"). Models: networks.py; versions:
requirements.txt. The ways:
  plain        as tutorials have it: a DataLoader, NCHW, Adam
  strong       images in memory, channels_last, fused Adam: the best eager settings
  compile      the same with torch.compile (needs g++ when it runs)
  overhead     the same with mode="reduce-overhead"
  autotune     the same with mode="max-autotune"
  keras        Keras on torch: compile and fit; Fernet only
bf16 is autocast (Keras: mixed_bfloat16). Losses of the first step are taken without
dropout and before anything is compiled; inference is checked as it is measured. On a GPU
(--device cuda, not Keras) cuDNN takes its fastest algorithms, and nobody waits for it
within CALLS_ON_GPU calls.
"""

import argparse
import json
import statistics
import sys
import time

import torch
from torch import nn

import formula
import networks

MODES = {"compile": None, "overhead": "reduce-overhead", "autotune": "max-autotune"}
CALLS_ON_GPU = 24  # as model_rates.cpp


class Resident:
    """Batches out of images that stay in the device's memory, as ferbench has them."""

    def __init__(self, channels, batch, layout, device):
        self.images = torch.from_numpy(formula.images(channels)).to(device)
        self.labels = torch.from_numpy(formula.labels()).to(device)
        self.batch, self.layout, self.device, self.at = batch, layout, device, 0

    def next(self):
        rows = torch.arange(self.at, self.at + self.batch, device=self.device)
        rows %= formula.IMAGES
        self.at = (self.at + self.batch) % formula.IMAGES
        x = (self.images[rows].float() / 255).contiguous(memory_format=self.layout)
        return x, self.labels[rows].float()


class Loader:
    """Batches as a DataLoader makes them, image by image."""

    def __init__(self, channels, batch, device):
        self.device = device
        images, labels = formula.images(channels), formula.labels()
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
            return x.to(self.device), y.float().to(self.device)
        self.iterator = iter(self.loader)
        return self.next()


class Trained:
    """One model with its optimizer and batches, in one arithmetic."""

    def __init__(self, way, model, device, precision, batch, dropout=True):
        torch.manual_seed(1)
        self.device = device
        plain = way == "plain"
        layout = torch.contiguous_format if plain else torch.channels_last
        self.model = networks.make(model, dropout).to(device, memory_format=layout)
        self.call = self.model
        if dropout and way in MODES:
            self.call = torch.compile(self.model, mode=MODES[way])
        self.optimizer = torch.optim.Adam(
            self.model.parameters(), lr=1e-3, eps=1e-7, fused=None if plain else True)
        channels = networks.NETWORKS[model].channels
        self.batches = (Loader(channels, batch, device) if plain
                        else Resident(channels, batch, layout, device))
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
        return loss

    @torch.no_grad()
    def answer(self):
        x, _ = self.batches.next()
        self.model.eval()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            logits = self.call(x)
        return logits.double().mean()

    def wait(self):
        if self.device == "cuda":
            torch.cuda.synchronize()


class Worker:
    def __init__(self, way, model, device):
        self.together = CALLS_ON_GPU if device == "cuda" else 1
        self.key = self.kept = None  # the last question's; two might not fit into memory
        if way == "keras":
            import keras_fernet
            self.new = keras_fernet.KerasFernet
        else:
            self.new = lambda *a, **k: Trained(way, model, device, *a, **k)

    def reply(self, ask):
        key = (ask["mode"], ask["precision"], ask["batch"])
        return self.check(*key) if ask["do"] == "check" else self.measure(key, ask["seconds"])

    def check(self, mode, precision, batch):
        self.key = self.kept = None
        training = mode == "training"
        fresh = self.new(precision, batch, dropout=not training)
        if training:
            return {"value": fresh.step().item()}
        # Inference without dropout is what is measured, too.
        self.key, self.kept = (mode, precision, batch), fresh
        return {"value": fresh.answer().item()}

    def measure(self, key, seconds):
        mode, precision, batch = key
        warm_up = 1 if key == self.key else 3
        if key != self.key:
            self.kept = None
            self.key, self.kept = key, self.new(precision, batch)
        work = self.kept.step if mode == "training" else self.kept.answer
        for _ in range(warm_up):
            self.call(work)
        times, end = [], time.perf_counter() + seconds
        while len(times) < 2 or time.perf_counter() < end:
            start = time.perf_counter()
            self.call(work)
            times.append(time.perf_counter() - start)
        return {"images_per_second": self.together * batch / statistics.median(times)}

    def call(self, work):
        for _ in range(self.together):
            work()
        self.kept.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=["plain", "strong", *MODES, "keras"])
    parser.add_argument("--model", default="fernet", choices=networks.NETWORKS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    options = parser.parse_args()
    if options.way == "keras" and options.model != "fernet":
        parser.error(f"keras has no {options.model}, only fernet")
    torch.set_num_threads(options.threads)
    torch.backends.cudnn.benchmark = True
    worker = Worker(options.way, options.model, options.device)
    for line in sys.stdin:
        print(json.dumps(worker.reply(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
