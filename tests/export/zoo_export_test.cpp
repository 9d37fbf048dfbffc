// Every model of the zoo, through OpenVINO, against torch.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "export/exporter.h"
#include "export/finish_model.h"
#include "export/fold_batch_norm.h"
#include "export/zoo_model.h"
#include "models/registry.h"

namespace fer {
namespace {

class ExportZoo : public testing::TestWithParam<std::string> {};

// 1e-5, or a few times what torch itself loses by computing in float32: deep
// networks with made-up weights amplify rounding, torch's as well as the
// file's.
void expect_close(const char* what, const Differences& found) {
  fmt::print("{}: {:.1e} from torch; torch from float64: {:.1e}\n", what,
             found.file, found.torch);
  EXPECT_LE(found.file, std::max(1e-5, 6 * found.torch)) << what;
  EXPECT_LE(found.file, 2e-4) << what;
}

TEST_P(ExportZoo, AnswersAsTorchDoes) {
  const ZooModel zoo = make_zoo_model(GetParam());
  onnx::ModelProto file = export_model(*zoo.model, zoo.contract);
  expect_close("plain", differences(zoo, file));
  const FoldResult fold = fold_batch_norm(file);
  if (fold.backward + fold.forward == 0) return;
  check_model(file);
  expect_close("folded", differences(zoo, file));
}

std::vector<std::string> zoo_names() {
  std::vector<std::string> names;
  for (const ModelEntry& entry : zoo()) names.emplace_back(entry.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Zoo, ExportZoo, testing::ValuesIn(zoo_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace fer
