// Linked into the test programs that compute with torch: two threads, so that
// tests do not fight for the cores of a small machine.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

namespace {

class TwoThreads final : public testing::Environment {
  void SetUp() override { at::set_num_threads(2); }
};

[[maybe_unused]] const auto* kEnvironment =
    testing::AddGlobalTestEnvironment(new TwoThreads);

}  // namespace
