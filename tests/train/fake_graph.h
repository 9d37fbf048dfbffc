// A graph that a CPU can play: it keeps the work and does it when asked to.
#pragma once

#include <memory>

#include "cuda/module.h"

namespace fer {

class FakeGraph final : public CudaGraph {
 public:
  void record(const std::function<void()>& work) override { work_ = work; }
  void replay() override { work_(); }

 private:
  std::function<void()> work_;
};

inline std::unique_ptr<CudaGraph> fake_graph() {
  return std::make_unique<FakeGraph>();
}

}  // namespace fer
