#include "deploy/onnx_contract.h"

#include <gmock/gmock.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {

using testing::HasSubstr;

OnnxContract example() {
  OnnxContract contract;
  contract.classes = {"happy", "s\"ad\n"};
  contract.height = 224;
  contract.width = 200;
  contract.channels = 3;
  contract.nhwc = false;
  contract.uint8_input = false;
  contract.precision = "int8";
  contract.model = "resnet50";
  contract.experiment = "clean/resnet50";
  contract.run = "resnet50/seed-42";
  contract.protocol = "clean";
  contract.commit = "0123abc";
  contract.metrics = {{"n", 1798}, {"accuracy", 0.94}};
  return contract;
}

std::string fault(const char* key, const std::string& value) {
  OnnxMetadata metadata = to_metadata(example());
  metadata["ferbench." + std::string(key)] = value;
  return error_text([&] { from_metadata(metadata, "m.onnx"); });
}

TEST(OnnxContract, ComesBackAsItWasWritten) {
  const OnnxContract back = from_metadata(to_metadata(example()), "m.onnx");
  EXPECT_EQ(to_metadata(back), to_metadata(example()));
  EXPECT_EQ(back.classes, example().classes);
  EXPECT_EQ(back.width, 200);
  EXPECT_FALSE(back.nhwc);
  EXPECT_FALSE(back.uint8_input);
  EXPECT_EQ(back.metrics["accuracy"], 0.94);
}

TEST(OnnxContract, SaysItsKeysInPlainStrings) {
  OnnxContract contract;
  contract.classes = {"a", "b"};
  const OnnxMetadata metadata = to_metadata(contract);
  EXPECT_EQ(metadata.at("ferbench.format"), "1");
  EXPECT_EQ(metadata.at("ferbench.classes"), R"(["a","b"])");
  EXPECT_EQ(metadata.at("ferbench.input"),
            R"({"height":48,"width":48,"channels":1,"layout":"nhwc",)"
            R"("type":"uint8"})");
  EXPECT_EQ(metadata.at("ferbench.license"), "Apache-2.0");
}

TEST(OnnxContract, NamesTheKeyThatIsMissing) {
  OnnxMetadata metadata = to_metadata(example());
  metadata.erase("ferbench.protocol");
  EXPECT_EQ(error_text([&] { from_metadata(metadata, "m.onnx"); }),
            "[onnx] expected 'ferbench.protocol' in the file's metadata; got "
            "none (m.onnx). Write the file with `ferbench export`.");
  EXPECT_THAT(error_text([] { from_metadata({}, "m.onnx"); }),
              HasSubstr("'ferbench.format'"));
}

TEST(OnnxContract, RefusesAFormatOfTheFuture) {
  EXPECT_EQ(fault("format", "2"),
            "[onnx] expected metadata of format 1; got '2' (m.onnx). Use the "
            "ferbench that wrote it, or export again.");
}

TEST(OnnxContract, NamesTheKeyThatIsDamaged) {
  const std::string text =
      "[onnx] 'ferbench.classes' in the file's metadata is damaged (m.onnx). "
      "Export the run again.";
  for (const char* classes :
       {"", "[", "{}", "[1,2]", R"(["a"])", R"(["a","a"])"})
    EXPECT_EQ(fault("classes", classes), text) << classes;
  for (const char* input :
       {"7", "{}", R"({"height":0,"width":4,"channels":1})",
        R"({"height":"4","width":4,"channels":1})",
        R"({"height":4,"width":5000,"channels":1})",
        R"({"height":4,"width":4,"channels":1,"layout":"hw","type":"uint8"})",
        R"({"height":4,"width":4,"channels":1,"layout":7,"type":"uint8"})",
        R"({"height":4,"width":4,"channels":1,"layout":"nhwc","type":"int4"})"})
    EXPECT_THAT(fault("input", input), HasSubstr("'ferbench.input'")) << input;
  EXPECT_THAT(fault("metrics", "{"), HasSubstr("'ferbench.metrics'"));
}

}  // namespace
}  // namespace fer
