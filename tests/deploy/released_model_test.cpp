#include "deploy/released_model.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {

class ReleasedModel : public testing::Test {
 protected:
  ReleasedModel() {
    setenv("FERBENCH_MODELS", folder_.path().c_str(), /*overwrite=*/1);
  }
  ~ReleasedModel() override { unsetenv("FERBENCH_MODELS"); }

  TemporaryFolder folder_;
};

TEST_F(ReleasedModel, IsTheOneThatDefaultNames) {
  folder_.write("default.txt", "fernet/int8.onnx\nsecond line\n");
  folder_.write("fernet/int8.onnx", "x");
  EXPECT_EQ(released_model(), folder_ / "fernet/int8.onnx");
}

TEST_F(ReleasedModel, MustBeThere) {
  folder_.write("default.txt", "gone.onnx");
  EXPECT_EQ(error_text([] { released_model(); }),
            "[model] expected the released model " +
                (folder_ / "gone.onnx").string() +
                "; got no such file. Name another with --model.");
}

TEST_F(ReleasedModel, IsLookedForInTheFirstFolderFirst) {
  EXPECT_EQ(model_folders().front(), folder_.path());
  unsetenv("FERBENCH_MODELS");
  EXPECT_EQ(model_folders().front(), "models");
}

}  // namespace
}  // namespace fer
