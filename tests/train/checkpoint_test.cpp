#include "train/checkpoint.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <csignal>
#include <set>

#include "core/error.h"
#include "core/file.h"
#include "core/temporary_folder.h"
#include "tiny_model.h"

namespace fer {
namespace {

namespace fs = std::filesystem;

TensorFile tensors(double value) {
  TensorFile file;
  file.tensors = {{"x", torch::full({3}, value)}};
  return file;
}

Json state(int epoch) {
  return {{"epoch", epoch}, {"rate", 0.1}, {"note", "fünf \"5\""}};
}

class Checkpoint : public testing::Test {
 protected:
  void damage(const std::string& name) const {
    std::string bytes = read_file(store_.path(name));
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    write_file(store_.path(name), bytes);
  }
  std::string fault(const std::string& name) const {
    return "[safetensors] expected a sound file; got a wrong checksum (" +
           store_.path(name).string() + "). Take another copy.";
  }

  TemporaryFolder folder_;
  CheckpointStore store_{folder_.path() / "checkpoints"};
};

TEST_F(Checkpoint, BringsBackTensorsAndState) {
  EXPECT_FALSE(store_.exists("best"));
  store_.save("best", tensors(0.1), state(3));
  EXPECT_TRUE(store_.exists("best"));
  const auto back = store_.load("best");
  EXPECT_EQ(back.state, state(3));
  EXPECT_TRUE(back.tensors.at("x").equal(torch::full({3}, 0.1)));
}

TEST_F(Checkpoint, WritesTheStateBesideItForReaders) {
  store_.save("best", tensors(1), state(3));
  EXPECT_EQ(read_json(folder_.path() / "checkpoints/best.json"), state(3));
  // The tensor file alone is enough to go on.
  fs::remove(folder_.path() / "checkpoints/best.json");
  EXPECT_EQ(store_.load("best").state, state(3));
}

TEST_F(Checkpoint, KeepsNumbersToTheBit) {
  const Json exact = {{"rate", 0.1 + 0.2}, {"tiny", 5e-324}};
  store_.save("last", tensors(1), exact);
  EXPECT_EQ(store_.load("last").state["rate"].get<double>(), 0.1 + 0.2);
  EXPECT_EQ(store_.load("last").state["tiny"].get<double>(), 5e-324);
}

TEST_F(Checkpoint, KeepsThePreviousOneOnlyWhenAsked) {
  store_.save("last", tensors(1), state(1), /*keep_previous=*/true);
  EXPECT_FALSE(store_.exists("last.previous"));
  store_.save("last", tensors(2), state(2), /*keep_previous=*/true);
  store_.save("last", tensors(3), state(3), /*keep_previous=*/true);
  EXPECT_EQ(store_.load("last").state["epoch"], 3);
  EXPECT_EQ(store_.load("last.previous").state["epoch"], 2);

  store_.save("best", tensors(1), state(1));
  store_.save("best", tensors(2), state(2));
  EXPECT_EQ(store_.load("best").state["epoch"], 2);
  EXPECT_FALSE(store_.exists("best.previous"));
}

TEST_F(Checkpoint, FallsBackToThePreviousOneAndSaysSo) {
  store_.save("last", tensors(1), state(1), /*keep_previous=*/true);
  store_.save("last", tensors(2), state(2), /*keep_previous=*/true);
  std::string warning;
  EXPECT_EQ(store_.load_or_previous("last", warning).state["epoch"], 2);
  EXPECT_EQ(warning, "");
  damage("last");
  const auto back = store_.load_or_previous("last", warning);
  EXPECT_EQ(back.state["epoch"], 1);
  EXPECT_TRUE(back.tensors.at("x").equal(torch::full({3}, 1.0)));
  EXPECT_EQ(warning, fault("last") + " Going on from the one before it.");
}

TEST_F(Checkpoint, FallsBackWhereTheLastOneIsMissing) {
  store_.save("last", tensors(1), state(1), /*keep_previous=*/true);
  store_.save("last", tensors(2), state(2), /*keep_previous=*/true);
  fs::remove(store_.path("last"));
  std::string warning;
  EXPECT_EQ(store_.load_or_previous("last", warning).state["epoch"], 1);
  EXPECT_NE(warning.find("No such file or directory"), std::string::npos);
}

TEST_F(Checkpoint, GivesUpWhenBothAreDamaged) {
  store_.save("last", tensors(1), state(1), /*keep_previous=*/true);
  store_.save("last", tensors(2), state(2), /*keep_previous=*/true);
  damage("last");
  damage("last.previous");
  std::string warning;
  EXPECT_EQ(error_text([&] { store_.load_or_previous("last", warning); }),
            fault("last.previous"));
}

TEST_F(Checkpoint, ReportsTheDamageWhereThereIsNoPreviousOne) {
  store_.save("last", tensors(1), state(1), /*keep_previous=*/true);
  damage("last");
  std::string warning;
  EXPECT_EQ(error_text([&] { store_.load_or_previous("last", warning); }),
            fault("last"));
  EXPECT_EQ(warning, "");
}

TEST_F(Checkpoint, NamesTheOneThatIsNotThere) {
  EXPECT_EQ(error_text([&] { store_.load("best"); }),
            "[file] expected a readable file; got 'No such file or directory' "
            "(" +
                store_.path("best").string() + "). Check the path.");
}

TEST_F(Checkpoint, RefusesWeightsWithoutState) {
  write_safetensors(store_.path("best"), tensors(1));
  EXPECT_EQ(error_text([&] { store_.load("best"); }),
            "[checkpoint] expected a checkpoint of ferbench; got weights alone "
            "(" +
                store_.path("best").string() +
                "). Name a run that `ferbench run` made.");
}

TEST_F(Checkpoint, RefusesAStateThatIsNoJson) {
  TensorFile file = tensors(1);
  file.metadata["ferbench"] = "{\"epoch\": ";
  write_safetensors(store_.path("best"), file);
  EXPECT_EQ(error_text([&] { store_.load("best"); }),
            "[checkpoint] expected the state of training as JSON; got damaged "
            "text (" +
                store_.path("best").string() + "). Take another copy.");
}

TEST_F(Checkpoint, FindsAChangedState) {
  store_.save("last", tensors(1), state(7));
  std::string bytes = read_file(store_.path("last"));
  bytes.replace(bytes.find("\\\"epoch\\\":7") + 10, 1, "8");
  write_file(store_.path("last"), bytes);
  EXPECT_EQ(error_text([&] { store_.load("last"); }),
            "[safetensors] expected a sound file; got a wrong checksum of the "
            "header (" +
                store_.path("last").string() + "). Take another copy.");
}

TEST_F(Checkpoint, LeavesNoTemporaryFiles) {
  for (int i = 0; i < 3; ++i) {
    store_.save("last", tensors(i), state(i), /*keep_previous=*/true);
  }
  std::set<std::string> names;
  for (const auto& entry :
       fs::directory_iterator(folder_.path() / "checkpoints")) {
    names.insert(entry.path().filename().string());
  }
  EXPECT_EQ(names, (std::set<std::string>{"last.json", "last.safetensors",
                                          "last.previous.safetensors"}));
}

TEST_F(Checkpoint, BringsAModelBackToTheBit) {
  const auto model = std::make_shared<TinyModel>(1, /*seed=*/1);
  TensorFile file;
  add_model(file, *model);
  EXPECT_NO_THROW(file.at("model/conv.weight"));
  store_.save("best", file, state(1));
  const auto other = std::make_shared<TinyModel>(1, /*seed=*/2);
  ASSERT_FALSE(flat_parameters(*other).equal(flat_parameters(*model)));
  load_model(store_.load("best").tensors, *other);
  EXPECT_TRUE(flat_parameters(*other).equal(flat_parameters(*model)));
}

TEST_F(Checkpoint, BringsBuffersBackToo) {
  class Norm final : public Model {
   public:
    Norm() {
      norm = register_module("norm",
                             std::make_shared<BatchNorm>(2, kKerasBatchNorm));
    }
    torch::Tensor forward(const torch::Tensor& x) override {
      return (*norm)(x);
    }
    std::shared_ptr<BatchNorm> norm;
  };
  const auto model = std::make_shared<Norm>(), other = std::make_shared<Norm>();
  model->buffers()[0].fill_(0.25);
  TensorFile file;
  add_model(file, *model);
  load_model(file, *other);
  EXPECT_EQ(other->buffers()[0][1].item<float>(), 0.25f);
}

TEST_F(Checkpoint, RefusesTheShapesOfAnotherModel) {
  TensorFile file;
  add_model(file, *std::make_shared<TinyModel>(7));
  const auto model = std::make_shared<TinyModel>(1);
  EXPECT_EQ(error_text([&] { load_model(file, *model); }),
            "[checkpoint] expected 'model/dense.weight' of shape [1, 256]; got "
            "[7, 256]. The checkpoint belongs to another model.");
}

TEST_F(Checkpoint, NamesATensorThatIsMissing) {
  TensorFile file;
  add_model(file, *std::make_shared<TinyModel>());
  file.tensors.erase(file.tensors.begin());
  const auto model = std::make_shared<TinyModel>();
  EXPECT_EQ(error_text([&] { load_model(file, *model); }),
            "[safetensors] expected a tensor 'model/conv.weight'; got 3 "
            "others.");
}

/// What saving too much for the disk says; the good one must survive.
void expect_unharmed(const CheckpointStore& store, const char* reason) {
  TensorFile large;
  large.tensors = {{"x", torch::zeros({1 << 20})}};  // 4 MiB
  EXPECT_EQ(error_text([&] { store.save("last", large, state(2), true); }),
            fmt::format("[file] expected to write a file; got '{}' ({}). Free "
                        "some space or check the permissions; the old file, if "
                        "any, is unharmed.",
                        reason, store.path("last").string()));
  EXPECT_EQ(store.load("last").state["epoch"], 1);
  for (const auto& entry :
       fs::directory_iterator(store.path("last").parent_path())) {
    EXPECT_EQ(entry.path().string().find(".tmp"), std::string::npos);
  }
}

TEST_F(Checkpoint, SurvivesAFullDisk) {
  const fs::path disk = folder_.path() / "disk";
  fs::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0)
    GTEST_SKIP() << "needs root: a small tmpfs cannot be mounted here";
  const CheckpointStore store(disk);
  store.save("last", tensors(1), state(1));
  expect_unharmed(store, "No space left on device");
  umount(disk.c_str());
}

TEST_F(Checkpoint, SurvivesAWriteThatFails) {
  // A limit on the size of files stands for the full disk where no root is.
  store_.save("last", tensors(1), state(1));
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1 << 20, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  expect_unharmed(store_, "File too large");
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
}

}  // namespace
}  // namespace fer
