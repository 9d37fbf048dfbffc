#include "fake_program.h"

#include <fmt/core.h>

#include "config/config.h"
#include "core/text.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

// Epochs are real processes that a signal can meet anywhere, as in a run.
// clang-format off
constexpr const char* kScript = R"sh(#!/bin/bash
here=$(dirname "$0")
echo "$*" >> "$here/calls"
resume=no
while [ $# -gt 0 ]; do
  case $1 in --out) out=$2; shift;; --resume) resume=yes;; esac
  shift
done
name=$(basename "$out")
mkdir -p "$out/checkpoints"
[ $resume = yes ] || cp "$here/config-$name" "$out/config.yaml"
trap 'echo interrupted; exit 130' TERM
epochs=$(cat "$here/epochs-$name")
loss=$(cat "$here/loss-$name")
done=0
[ -f "$out/history.csv" ] && done=$(($(wc -l < "$out/history.csv") - 1))
while [ $done -lt $epochs ]; do
  sleep 0.01
  done=$((done + 1))
  if [ "$(cat "$here/crash-$name" 2>/dev/null)" = $done ]; then
    echo "epoch $done"
    echo "out of memory"
    kill -9 $$
  fi
  history=epoch,train_loss,train_accuracy,val_loss,val_accuracy
  history+=,learning_rate,seconds,images_per_second
  for ((i = 1; i <= done; ++i)); do
    history+=$'\n'$i,1,0.5,$loss,0.5,0.001,0.25,100
  done
  echo "$history" > "$out/history.tmp"
  mv "$out/history.tmp" "$out/history.csv"
  echo "{\"epoch\": $done, \"stop_reason\": \"\"}" > "$out/last.tmp"
  mv "$out/last.tmp" "$out/checkpoints/last.json"
done
echo "{\"val\": {\"n\": 10, \"accuracy\": 0.5}}" > "$out/metrics.json"
)sh";
// clang-format on

}  // namespace

FakeProgram::FakeProgram() { replace(kScript); }

void FakeProgram::replace(const std::string& script) const {
  write_file(program(), script);
  fs::permissions(program(), fs::perms::owner_all);
}

fs::path FakeProgram::experiment(int epochs) const {
  return folder_.write(
      "tiny.yaml",
      fmt::format("train: {{epochs: {}}}\nevaluate: {{splits: [val]}}\n"
                  "report: {{html: false}}\nexperiment: {{runs: {}}}\n",
                  epochs, (folder() / "runs").string()));
}

void FakeProgram::prepare(const Member& member, const std::string& loss) const {
  const std::string name = member.run_dir.filename().string();
  folder_.write("config-" + name, to_yaml(member.config));
  folder_.write("epochs-" + name, std::to_string(member.config.train.epochs));
  folder_.write("loss-" + name, loss);
}

void FakeProgram::crash(const std::string& name, int epoch) const {
  folder_.write("crash-" + name, std::to_string(epoch));
}

void FakeProgram::mend(const std::string& name) const {
  fs::remove(folder_ / ("crash-" + name));
}

std::vector<std::string> FakeProgram::calls() const {
  if (!fs::exists(folder_ / "calls")) return {};
  std::vector<std::string> lines = split(read_file(folder_ / "calls"), '\n');
  lines.pop_back();
  return lines;
}

ChildRecipe FakeProgram::recipe() const {
  return {program(),
          (folder_ / "tiny.yaml").string(),
          {},
          folder_ / "logs",
          "val_loss"};
}

}  // namespace fer
