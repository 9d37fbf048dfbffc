#include "models/layer_clock.h"

#include <ATen/DeviceAccelerator.h>

#include "core/text.h"
#include "models/layers.h"

namespace fer {
namespace {

thread_local LayerClock* running = nullptr;

// "block1.conv2", "block1.pool" -> "block1.conv2 + pool".
std::string joined_paths(const std::vector<std::string>& paths) {
  const std::string& first = paths.front();
  const std::string folder = first.substr(0, first.rfind('.') + 1);
  std::vector<std::string> names = {first};
  for (size_t i = 1; i < paths.size(); ++i) {
    names.push_back(paths[i].starts_with(folder)
                        ? paths[i].substr(folder.size())
                        : paths[i]);
  }
  return join(names, " + ");
}

}  // namespace

LayerClock::LayerClock(const torch::nn::Module& root) {
  for (const auto& item : root.named_modules("", /*include_self=*/false))
    paths_[item.value().get()] = item.key();
  const auto parameters = root.parameters();
  on_gpu_ = !parameters.empty() && parameters.front().is_cuda();
  running = this;
}

LayerClock::~LayerClock() { running = nullptr; }

LayerClock::Time LayerClock::now() const {
  if (on_gpu_)
    at::accelerator::synchronizeDevice(at::accelerator::getDeviceIndex());
  return std::chrono::steady_clock::now();
}

size_t LayerClock::entry_of(const std::vector<const Layer*>& layers) {
  const auto [place, fresh] = places_.try_emplace(layers, entries_.size());
  if (!fresh) return place->second;
  Entry entry;
  std::vector<std::string> kinds;
  for (const Layer* layer : layers) {
    const auto path = paths_.find(layer);
    entry.members.push_back(path == paths_.end() ? layer->kind()
                                                 : path->second);
    kinds.push_back(layer->kind());
  }
  entry.name = joined_paths(entry.members);
  entry.kind = join(kinds, " + ");
  entries_.push_back(std::move(entry));
  return place->second;
}

void LayerClock::begin(const std::vector<const Layer*>& layers) {
  const size_t entry = entry_of(layers);
  open_.push_back({entry, now()});
}

void LayerClock::end() {
  const Open done = open_.back();
  open_.pop_back();
  const double seconds =
      std::chrono::duration<double>(now() - done.start).count();
  entries_[done.entry].seconds += seconds - done.inner;
  ++entries_[done.entry].calls;
  if (!open_.empty()) open_.back().inner += seconds;
}

LayerClock::Span::Span(const Layer& layer)
    : clock_(layer.kind().empty() ? nullptr : running) {
  if (clock_) clock_->begin({&layer});
}

LayerClock::Span::Span(const std::vector<std::shared_ptr<Layer>>& layers,
                       size_t begin, size_t length)
    : clock_(running) {
  if (!clock_) return;
  std::vector<const Layer*> members;
  for (size_t i = begin; i < begin + length; ++i)
    members.push_back(layers[i].get());
  clock_->begin(members);
}

LayerClock::Span::~Span() {
  if (clock_) clock_->end();
}

}  // namespace fer
