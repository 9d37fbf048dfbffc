// docs/own_model.md, compiled and run.
#include <gtest/gtest.h>

#include <filesystem>

#include "core/file.h"
#include "export/exporter.h"
#include "export/own_model_example.h"
#include "export/zoo_model.h"
#include "train/loss.h"

namespace fer {
namespace {

TEST(OwnModel, TrainsAStepAndExportsWithoutAChangeToTheExporter) {
  torch::manual_seed(1);
  const auto model = std::make_shared<OwnModel>(ModelShape{1, 24, 4});
  const ZooModel test = make_test_model(model, 24, 1, 4);

  torch::optim::SGD optimizer(model->parameters(), 0.1);
  const torch::Tensor images = torch::rand({6, 1, 24, 24});
  const torch::Tensor labels = torch::arange(6) % 4;
  const auto step = [&] {
    optimizer.zero_grad();
    const torch::Tensor loss = Loss(0, {})(model->forward(images), labels);
    loss.backward();
    optimizer.step();
    return loss.item<double>();
  };
  model->train();
  const double before = step();
  EXPECT_LT(step(), before);

  const onnx::ModelProto file = export_model(*model, test.contract);
  EXPECT_TRUE(model->is_training());
  EXPECT_LE(differences(test, file).file, 1e-5);
  model->train();
  EXPECT_LT(step(), before);  // trains on
}

// From "class OwnModel" to the end of the class.
std::string example_in(const std::string& file) {
  const std::string text =
      read_file(std::filesystem::path(FERBENCH_TEST_DIR) / file);
  const size_t begin = text.find("class OwnModel");
  return text.substr(begin, text.find("\n};", begin) - begin);
}

TEST(OwnModel, StandsInTheDocumentAsItIsCompiled) {
  const std::string compiled = example_in("export/own_model_example.h");
  EXPECT_GT(compiled.size(), 500u);
  EXPECT_EQ(example_in("../docs/own_model.md"), compiled);
}

}  // namespace
}  // namespace fer
