#include "export/exporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "export/function_model.h"
#include "export/zoo_model.h"

namespace fer {
namespace {
using testing::HasSubstr;

onnx::ModelProto export_function(FunctionModel::Function function) {
  const ZooModel test = make_test_model(
      std::make_shared<FunctionModel>(std::move(function)), 4, 1, 3);
  return export_model(*test.model, test.contract);
}

// [N, 1, 4, 4] -> [N, 3].
torch::Tensor three(const torch::Tensor& x) {
  return x.flatten(1).narrow(1, 0, 3);
}

TEST(Exporter, GivesOneCleanGraph) {
  const ZooModel zoo = make_zoo_model("cnn48");
  const onnx::ModelProto file = export_model(*zoo.model, zoo.contract);
  EXPECT_EQ(file.ir_version(), 8);
  EXPECT_EQ(file.opset_import(0).version(), 17);
  EXPECT_EQ(file.producer_name(), "ferbench");
  const onnx::GraphProto& graph = file.graph();
  ASSERT_EQ(graph.input_size(), 1);
  EXPECT_EQ(graph.input(0).name(), "image");
  const auto& input = graph.input(0).type().tensor_type();
  EXPECT_EQ(input.elem_type(), onnx::TensorProto::UINT8);
  EXPECT_EQ(input.shape().dim(0).dim_param(), "N");
  EXPECT_EQ(input.shape().dim(3).dim_value(), 1);
  ASSERT_EQ(graph.output_size(), 1);
  EXPECT_EQ(graph.output(0).name(), "probabilities");
  EXPECT_EQ(graph.output(0).type().tensor_type().shape().dim(1).dim_value(), 7);
  std::set<std::string> names;
  for (const auto& node : graph.node()) {
    EXPECT_FALSE(node.name().empty());
    EXPECT_TRUE(names.insert(node.name()).second) << node.name();
  }
  std::set<std::string> shapes;
  for (const auto& info : graph.value_info()) shapes.insert(info.name());
  for (const auto& node : graph.node())
    for (const std::string& output : node.output())
      EXPECT_TRUE(output == "probabilities" || shapes.count(output)) << output;
}

TEST(Exporter, KeepsTheNamesOfTheParameters) {
  const ZooModel zoo = make_zoo_model("fernet");
  const onnx::ModelProto file = export_model(*zoo.model, zoo.contract);
  std::set<std::string> constants;
  for (const auto& tensor : file.graph().initializer())
    constants.insert(tensor.name());
  for (const auto& [name, tensor] : named_tensors(*zoo.model))
    EXPECT_TRUE(constants.count(name)) << name;
  EXPECT_TRUE(std::any_of(
      file.graph().node().begin(), file.graph().node().end(),
      [](const auto& node) { return node.name() == "block1_conv1/Conv"; }));
}

TEST(Exporter, WritesTheContractIntoTheFile) {
  ZooModel zoo = make_zoo_model("cnn50");
  zoo.contract.run = "faces/seed-1";
  zoo.contract.metrics = {{"n", 10}};
  OnnxMetadata metadata;
  const onnx::ModelProto file = export_model(*zoo.model, zoo.contract);
  for (const auto& entry : file.metadata_props())
    metadata[entry.key()] = entry.value();
  EXPECT_EQ(metadata, to_metadata(zoo.contract));
}

TEST(Exporter, TakesEitherLayoutAndType) {
  for (const char* name : {"cnn50", "vit_tiny"}) {
    ZooModel zoo = make_zoo_model(name);
    for (const bool nhwc : {true, false}) {
      for (const bool uint8 : {true, false}) {
        zoo.contract.nhwc = nhwc;
        zoo.contract.uint8_input = uint8;
        const onnx::ModelProto file = export_model(*zoo.model, zoo.contract);
        EXPECT_LE(differences(zoo, file).file, 1e-5)
            << name << " " << nhwc << uint8;
      }
    }
  }
}

TEST(Exporter, LeavesTheModelAsItWas) {
  const ZooModel zoo = make_zoo_model("cnn50");
  zoo.model->train();
  zoo.model->modules(false)[1]->eval();
  torch::Tensor frozen = zoo.model->parameters()[0];
  frozen.requires_grad_(false);
  export_model(*zoo.model, zoo.contract);
  EXPECT_TRUE(zoo.model->is_training());
  EXPECT_FALSE(zoo.model->modules(false)[1]->is_training());
  EXPECT_FALSE(zoo.model->parameters()[0].requires_grad());
  EXPECT_TRUE(zoo.model->parameters()[1].requires_grad());
}

TEST(Exporter, NamesAnUnknownOperatorItsPlaceAndTheTable) {
  EXPECT_EQ(error_text([] {
              export_function(
                  [](const torch::Tensor& x) { return three(x.cumsum(3)); });
            }),
            "[export] expected operators that the exporter knows; got "
            "'aten::cumsum' before the first layer. Write the model's forward "
            "without it, or add it to the table in src/export/operators.cpp "
            "(docs/export.md).");
}

TEST(Exporter, NamesTheModuleThatAnUnknownOperatorFollows) {
  auto model = std::make_shared<FunctionModel>(nullptr);
  const torch::Tensor weight =
      model->add_parameter("head_weight", torch::ones({3, 16}));
  auto outer = std::make_shared<FunctionModel>([&](const torch::Tensor& x) {
    return at::linear(x.flatten(1), weight).cumsum(1);
  });
  outer->register_module("head", model);
  const ZooModel test = make_test_model(outer, 4, 1, 3);
  EXPECT_THAT(error_text([&] { export_model(*outer, test.contract); }),
              HasSubstr("got 'aten::cumsum' behind 'head'. "));
}

TEST(Exporter, RefusesABakedBatchSize) {
  EXPECT_EQ(
      error_text([] {
        export_function([](const torch::Tensor& x) {
          return three(x.reshape({x.size(0), 16}));
        });
      }),
      "[export] expected a network that works for any batch size; got one "
      "baked into 'aten::reshape' before the first layer: shape = [2, 16] for "
      "one batch size, [3, 16] for another. In the model's forward write "
      "reshape({-1, ...}), flatten(1) or expand_as instead of sizes that hold "
      "x.size(0).");
  EXPECT_THAT(error_text([] {
                export_function([](const torch::Tensor& x) {
                  return three(x) + at::ones({x.size(0), 3});
                });
              }),
              HasSubstr("baked into 'aten::ones'"));
}

TEST(Exporter, RefusesAForwardThatBranchesOnTheBatch) {
  EXPECT_EQ(error_text([] {
              export_function([](const torch::Tensor& x) {
                return x.size(0) > 2 ? three(x).relu().neg() : three(x);
              });
            }),
            "[export] expected the same 6 operators for every batch size; got "
            "others for a larger batch. The model's forward must not branch on "
            "the number of images.");
}

TEST(Exporter, RefusesOtherLogits) {
  EXPECT_EQ(
      error_text([] {
        export_function([](const torch::Tensor& x) { return x.flatten(1); });
      }),
      "[export] expected logits [N, 3]; got [N, 16]. Give the model's "
      "last layer one output per class.");
}

TEST(Exporter, RefusesRandomOperators) {
  EXPECT_EQ(error_text([] {
              export_function([](const torch::Tensor& x) {
                return three(at::dropout(x, 0.5, /*train=*/true));
              });
            }),
            "[export] expected 'aten::dropout' before the first layer as ONNX "
            "can say it; got a use of it where it drops values at random. "
            "Change the model's forward, or extend the operator in "
            "src/export/.");
}

}  // namespace
}  // namespace fer
