// Files of each family of the zoo in other readers: tests/export/onnx_peers.py.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "core/temporary_folder.h"
#include "export/exporter.h"
#include "export/fold_batch_norm.h"
#include "export/zoo_model.h"

namespace fer {
namespace {

class OnnxPeers : public testing::Test {
 protected:
  void SetUp() override {
    const char* named = std::getenv("FERBENCH_PYTHON");
    python_ = named ? named : FERBENCH_PYTHON;
    const std::string probe =
        python_ + " -c 'import onnx, onnxruntime, cv2' 2>/dev/null";
    if (std::system(probe.c_str()) != 0) {
      GTEST_SKIP() << python_ << " lacks onnx, onnxruntime or cv2 (name an "
                   << "interpreter that has them in FERBENCH_PYTHON)";
    }
  }

  /// The file, three pictures for it and what torch says to them.
  void add(const std::string& name, const std::string& model, bool nhwc,
           bool uint8, bool fold = false) const {
    ZooModel zoo = make_zoo_model(model);
    zoo.contract.nhwc = nhwc;
    zoo.contract.uint8_input = uint8;
    onnx::ModelProto file = export_model(*zoo.model, zoo.contract);
    if (fold) fold_batch_norm(file);
    folder_.write(name + ".onnx", file.SerializeAsString());
    const torch::Tensor pixels = zoo.pixels(3);
    folder_.write(name + ".expected",
                  bytes_of(zoo.answers(pixels).to(torch::kFloat)));
    folder_.write(name + ".pixels",
                  bytes_of(nhwc ? pixels : pixels.permute({0, 3, 1, 2})));
  }

  /// Runs the script; the largest difference of each file and reader.
  void expect_close(int lines) const {
    const std::string command =
        fmt::format("OMP_NUM_THREADS=1 {} {}/export/onnx_peers.py {}", python_,
                    FERBENCH_TEST_DIR, folder_.path().string());
    FILE* pipe = popen(command.c_str(), "r");
    std::string text;
    char part[256];
    while (fgets(part, sizeof part, pipe)) text += part;
    EXPECT_EQ(pclose(pipe), 0) << command;
    fmt::print("{}", text);
    std::istringstream in(text);
    std::string name, runtime;
    double difference = 1;
    int seen = 0;
    for (; in >> name >> runtime >> difference; ++seen)
      EXPECT_LE(difference, 2e-5) << name << " " << runtime;
    EXPECT_EQ(seen, lines);
  }

 private:
  static std::string bytes_of(const torch::Tensor& tensor) {
    const torch::Tensor whole = tensor.contiguous();
    return {static_cast<const char*>(whole.const_data_ptr()), whole.nbytes()};
  }

  TemporaryFolder folder_;
  std::string python_;
};

TEST_F(OnnxPeers, ReadTheSmallNetworksInEveryForm) {
  add("cnn50", "cnn50", true, true);
  add("cnn50-nchw-float", "cnn50", false, false);
  add("fernet", "fernet", true, true);
  add("fernet-folded", "fernet", true, true, true);
  expect_close(8);
}

TEST_F(OnnxPeers, ReadResidualNetworks) {
  add("resnet18", "resnet18", false, false);
  add("resnet50v2", "resnet50v2", true, true, true);
  expect_close(4);
}

TEST_F(OnnxPeers, ReadEfficientNets) {
  add("efficientnet_b0", "efficientnet_b0", true, true);
  expect_close(2);
}

TEST_F(OnnxPeers, ReadTransformers) {
  add("vit_tiny", "vit_tiny", true, true);
  expect_close(2);
}

}  // namespace
}  // namespace fer
