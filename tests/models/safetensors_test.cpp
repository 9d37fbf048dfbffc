#include "models/safetensors.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;

class Safetensors : public testing::Test {
 protected:
  fs::path path() const { return folder_.path() / "file.safetensors"; }

  TensorFile round_trip(const TensorFile& file) const {
    write_safetensors(path(), file);
    return read_safetensors(path());
  }

  /// Bytes as they are; unlike write_file without a wait for the disk.
  void put_bytes(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary) << bytes;
  }

  /// A file of any header and data.
  void put(const std::string& header, const std::string& data,
           uint64_t more = 0) const {
    const uint64_t length = header.size() + more;
    std::string bytes(sizeof length, '\0');
    std::memcpy(bytes.data(), &length, sizeof length);
    put_bytes(bytes + header + data);
  }

  /// What reading the file at path() complains of.
  std::string fault() const {
    const std::string text = error_text([&] { read_safetensors(path()); });
    const std::string begin = "[safetensors] expected a sound file; got ";
    const std::string end = " (" + path().string() + "). Take another copy.";
    if (!text.starts_with(begin) || !text.ends_with(end)) return text;
    return text.substr(begin.size(), text.size() - begin.size() - end.size());
  }

  std::string fault_of(const std::string& header,
                       const std::string& data = std::string(8, 'x')) const {
    put(header, data);
    return fault();
  }

  TensorFile small() const {
    TensorFile file;
    file.tensors = {{"a", torch::tensor({1.0f, 2.0f})},
                    {"b", torch::tensor({3, 4}, torch::kInt)}};
    file.metadata = {{"note", "a \"quoted\" word, ä"}};
    return file;
  }

  TemporaryFolder folder_;
};

TEST_F(Safetensors, BringsBackEveryType) {
  TensorFile file;
  const torch::Tensor values = torch::tensor({0.0, 1.0, -2.5, 77.0, 0.1});
  for (const auto type :
       {torch::kDouble, torch::kFloat, torch::kHalf, torch::kBFloat16,
        torch::kLong, torch::kInt, torch::kByte, torch::kBool}) {
    file.tensors.emplace_back(torch::toString(type),
                              values.abs().to(type).reshape({5, 1}));
  }
  const TensorFile back = round_trip(file);
  ASSERT_EQ(back.tensors.size(), file.tensors.size());
  for (size_t i = 0; i < file.tensors.size(); ++i) {
    const auto& [name, tensor] = file.tensors[i];
    EXPECT_EQ(back.tensors[i].first, name);  // the order is kept
    EXPECT_EQ(back.at(name).scalar_type(), tensor.scalar_type());
    EXPECT_TRUE(back.at(name).equal(tensor)) << name;
  }
}

TEST_F(Safetensors, BringsBackEmptyTensorsAndScalars) {
  TensorFile file;
  file.tensors = {{"empty", torch::empty({0})},
                  {"scalar", torch::tensor(2.5)},
                  {"flat", torch::empty({1000, 0, 3})}};
  const TensorFile back = round_trip(file);
  EXPECT_EQ(back.at("empty").sizes().vec(), (std::vector<int64_t>{0}));
  EXPECT_EQ(back.at("flat").sizes().vec(), (std::vector<int64_t>{1000, 0, 3}));
  EXPECT_EQ(back.at("scalar").dim(), 0);
  EXPECT_EQ(back.at("scalar").item<float>(), 2.5f);
}

TEST_F(Safetensors, BringsBackAnEmptyFile) {
  const TensorFile back = round_trip({});
  EXPECT_TRUE(back.tensors.empty());
}

TEST_F(Safetensors, KeepsNanAndInfinityToTheBit) {
  TensorFile file;
  file.tensors = {{"x", torch::tensor({std::nanf("7"), -INFINITY, -0.0f})}};
  const TensorFile back = round_trip(file);
  EXPECT_EQ(std::memcmp(back.at("x").data_ptr(),
                        file.tensors[0].second.data_ptr(), 12),
            0);
}

TEST_F(Safetensors, StoresStridedTensorsInPlainOrder) {
  const torch::Tensor plain = torch::arange(24.0f).reshape({2, 3, 2, 2});
  TensorFile file;
  file.tensors = {{"nhwc", plain.contiguous(at::MemoryFormat::ChannelsLast)},
                  {"turned", plain.permute({3, 1, 0, 2})}};
  const TensorFile back = round_trip(file);
  EXPECT_TRUE(back.at("nhwc").is_contiguous());
  EXPECT_TRUE(back.at("nhwc").equal(plain));
  EXPECT_TRUE(back.at("turned").equal(plain.permute({3, 1, 0, 2})));
}

TEST_F(Safetensors, KeepsTheTextBesideTheTensors) {
  const TensorFile back = round_trip(small());
  EXPECT_EQ(back.metadata.at("note"), "a \"quoted\" word, ä");
  EXPECT_EQ(back.metadata.at("sha256").size(), 64u);
  // What was read can be written again.
  EXPECT_EQ(round_trip(back).metadata, back.metadata);
}

TEST_F(Safetensors, StartsTheDataAtAMultipleOfEight) {
  write_safetensors(path(), small());
  const std::string bytes = read_file(path());
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  EXPECT_EQ(length % 8, 0u);
  EXPECT_EQ(bytes.size(), 8 + length + 16);
}

TEST_F(Safetensors, HoldsItsOwnMemory) {
  const TensorFile back = round_trip(small());
  fs::remove(path());
  EXPECT_EQ(back.at("a")[1].item<float>(), 2.0f);
}

TEST_F(Safetensors, NamesAMissingTensor) {
  EXPECT_EQ(error_text([&] { small().at("c"); }),
            "[safetensors] expected a tensor 'c'; got 2 others.");
}

TEST_F(Safetensors, RefusesToWriteAnUnknownType) {
  TensorFile file;
  file.tensors = {{"z", torch::zeros({2}, torch::kComplexFloat)}};
  EXPECT_EQ(error_text([&] { write_safetensors(path(), file); }),
            "[safetensors] expected a storable tensor type; got ComplexFloat.");
  EXPECT_FALSE(fs::exists(path()));
}

TEST_F(Safetensors, RefusesToWriteANameTwice) {
  TensorFile file = small();
  file.tensors[1].first = "a";
  EXPECT_EQ(error_text([&] { write_safetensors(path(), file); }),
            "[safetensors] expected tensors of different names; got 'a' "
            "twice.");
  EXPECT_FALSE(fs::exists(path()));
}

TEST_F(Safetensors, NamesAFileThatIsNotThere) {
  EXPECT_EQ(error_text([&] { read_safetensors(path()); }),
            "[file] expected a readable file; got 'No such file or directory' "
            "(" +
                path().string() + "). Check the path.");
}

TEST_F(Safetensors, RefusesAFileCutAnywhere) {
  write_safetensors(path(), small());
  const std::string whole = read_file(path());
  for (size_t size = 0; size < whole.size(); ++size) {
    put_bytes(whole.substr(0, size));
    const std::string text = fault();
    if (size < 8) {
      EXPECT_EQ(text, "an empty or cut file") << size;
    } else if (size < whole.size() - 16) {
      EXPECT_EQ(text, "a header longer than the file") << size;
    } else {  // 16 bytes of data: 'a' needs the first eight, 'b' the others
      EXPECT_EQ(text, size < whole.size() - 8 ? "wrong data offsets in \"a\""
                                              : "wrong data offsets in \"b\"")
          << size;
    }
  }
}

TEST_F(Safetensors, FindsEveryFlippedBitThatMatters) {
  write_safetensors(path(), small());
  const std::string whole = read_file(path());
  const TensorFile sound = read_safetensors(path());
  for (size_t i = 0; i < whole.size() * 8; ++i) {
    std::string bytes = whole;
    bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << (i % 8)));
    put_bytes(bytes);
    if (fault() != "no error") continue;
    // Blanks after the header and the names of the checksums may change.
    const TensorFile back = read_safetensors(path());
    ASSERT_EQ(back.tensors.size(), 2u) << i;
    EXPECT_TRUE(back.at("a").equal(sound.at("a"))) << i;
    EXPECT_TRUE(back.at("b").equal(sound.at("b"))) << i;
    EXPECT_EQ(back.metadata.at("note"), sound.metadata.at("note")) << i;
  }
}

TEST_F(Safetensors, FindsAWrongChecksum) {
  write_safetensors(path(), small());
  std::string bytes = read_file(path());
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  put_bytes(bytes);
  EXPECT_EQ(fault(), "a wrong checksum");
}

TEST_F(Safetensors, FindsAChangedHeader) {
  write_safetensors(path(), small());
  std::string bytes = read_file(path());
  bytes.replace(bytes.find("word"), 4, "ward");
  put_bytes(bytes);
  EXPECT_EQ(fault(), "a wrong checksum of the header");
}

TEST_F(Safetensors, RefusesDataBehindTheTensors) {
  write_safetensors(path(), small());
  put_bytes(read_file(path()) + "x");
  EXPECT_EQ(fault(), "data that no tensor names");
}

TEST_F(Safetensors, RefusesAHeaderLongerThanTheFile) {
  put("{}", "", /*more=*/1);
  EXPECT_EQ(fault(), "a header longer than the file");
  put("{}", "", /*more=*/uint64_t{1} << 63);
  EXPECT_EQ(fault(), "a header longer than the file");
}

TEST_F(Safetensors, RefusesWhatIsNoTensorTable) {
  const std::string text = "a header that is no tensor table";
  EXPECT_EQ(fault_of("{\"a\": "), text);
  EXPECT_EQ(fault_of("PK\3\4"), text);
  EXPECT_EQ(fault_of(""), text);
  EXPECT_EQ(fault_of("[1, 2]"), text);
  EXPECT_EQ(fault_of("7"), text);
  EXPECT_EQ(fault_of("null", ""), text);
  EXPECT_EQ(fault_of(R"({"a": {"dtype": "F32", "shape": [2]}})"), text);
  EXPECT_EQ(fault_of(R"({"a": {"dtype": 1, "shape": [2],
                         "data_offsets": [0, 8]}})"),
            text);
  EXPECT_EQ(fault_of(R"({"__metadata__": {"n": 1}})"), text);
  EXPECT_EQ(fault_of(std::string(100'000, '[')), text);
}

std::string entry(const std::string& name, const std::string& dtype,
                  const std::string& shape, int begin, int end) {
  return fmt::format(
      R"("{}": {{"dtype": "{}", "shape": {}, "data_offsets": [{}, {}]}})", name,
      dtype, shape, begin, end);
}

TEST_F(Safetensors, RefusesAnUnknownType) {
  EXPECT_EQ(fault_of("{" + entry("a", "F8_E4M3", "[8]", 0, 8) + "}"),
            "the dtype \"F8_E4M3\" in \"a\"");
}

TEST_F(Safetensors, RefusesOffsetsThatOverlapOrLeaveHoles) {
  const auto pair = [&](int begin, int end) {
    return fault_of("{" + entry("a", "U8", "[4]", 0, 4) + ", " +
                    entry("b", "U8", "[4]", begin, end) + "}");
  };
  EXPECT_EQ(pair(4, 8), "no error");
  EXPECT_EQ(pair(3, 7), "wrong data offsets in \"b\"");   // overlap
  EXPECT_EQ(pair(5, 9), "wrong data offsets in \"b\"");   // hole
  EXPECT_EQ(pair(4, 7), "wrong data offsets in \"b\"");   // too few bytes
  EXPECT_EQ(pair(8, 4), "wrong data offsets in \"b\"");   // backwards
  EXPECT_EQ(pair(4, 12), "wrong data offsets in \"b\"");  // too many bytes
}

TEST_F(Safetensors, RefusesAHoleWithinTheData) {
  EXPECT_EQ(fault_of("{" + entry("a", "U8", "[4]", 0, 4) + ", " +
                         entry("b", "U8", "[4]", 8, 12) + "}",
                     std::string(12, 'x')),
            "wrong data offsets in \"b\"");
}

TEST_F(Safetensors, RefusesOffsetsBehindTheData) {
  EXPECT_EQ(fault_of("{" + entry("a", "U8", "[4]", 0, 4) + ", " +
                         entry("b", "U8", "[4]", 4, 8) + "}",
                     std::string(7, 'x')),
            "wrong data offsets in \"b\"");
}

TEST_F(Safetensors, RefusesShapesLargerThanTheFile) {
  for (const char* shape : {"[9223372036854775807]", "[4294967296, 4294967296]",
                            "[2, 4611686018427387905]"}) {
    std::string table = entry("a", "U8", shape, 0, 8);
    EXPECT_EQ(fault_of(table.insert(0, 1, '{') + "}"),
              "a shape larger than the file in \"a\"")
        << shape;
  }
}

TEST_F(Safetensors, ReadsTensorsInAnyOrderOfTheHeader) {
  EXPECT_EQ(fault_of("{" + entry("b", "U8", "[4]", 4, 8) + ", " +
                         entry("a", "U8", "[4]", 0, 4) + "}",
                     "aaaabbbb"),
            "no error");
  const TensorFile file = read_safetensors(path());
  EXPECT_EQ(file.tensors[0].first, "a");
  EXPECT_EQ(file.at("a")[0].item<int>(), 'a');
  EXPECT_EQ(file.at("b")[0].item<int>(), 'b');
}

/// Runs tests/models/safetensors_peer.py; skips where the package is missing.
class SafetensorsPeer : public Safetensors {
 protected:
  void SetUp() override {
    const char* named = std::getenv("FERBENCH_PYTHON");
    python_ = named ? named : "python3";
    const std::string probe = python_ + " -c 'import safetensors' 2>/dev/null";
    if (std::system(probe.c_str()) != 0) {
      GTEST_SKIP() << python_ << " has no safetensors package (name an "
                   << "interpreter that has it in FERBENCH_PYTHON)";
    }
  }

  std::string run(const std::string& verb) const {
    const std::string command =
        fmt::format("{} {}/models/safetensors_peer.py {} {}", python_,
                    FERBENCH_TEST_DIR, verb, path().string());
    FILE* pipe = popen(command.c_str(), "r");
    std::string text;
    char part[256];
    while (fgets(part, sizeof part, pipe)) text += part;
    EXPECT_EQ(pclose(pipe), 0) << command;
    return text;
  }

 private:
  std::string python_;
};

TEST_F(SafetensorsPeer, ReadsWhatWeWrite) {
  TensorFile file = small();
  file.tensors.emplace_back("scalar", torch::tensor(2.5, torch::kDouble));
  file.tensors.emplace_back("empty", torch::empty({3, 0}, torch::kHalf));
  file.tensors.emplace_back("yes", torch::tensor({true, false}));
  write_safetensors(path(), file);
  EXPECT_EQ(run("print"),
            "note a \"quoted\" word, ä\n"
            "a float32 (2,) [1.0, 2.0]\n"
            "b int32 (2,) [3, 4]\n"
            "empty float16 (3, 0) [[], [], []]\n"
            "scalar float64 () 2.5\n"
            "yes bool (2,) [True, False]\n");
}

TEST_F(SafetensorsPeer, WritesWhatWeRead) {
  run("write");
  const TensorFile file = read_safetensors(path());
  ASSERT_EQ(file.tensors.size(), 4u);
  EXPECT_EQ(file.metadata.at("note"), "from Python");
  EXPECT_TRUE(file.at("z").equal(
      torch::tensor({1.5, -2.0}, torch::kDouble).reshape({1, 2})));
  EXPECT_TRUE(file.at("bytes").equal(torch::arange(5, torch::kByte)));
  EXPECT_TRUE(file.at("a").equal(torch::arange(6.0f).reshape({2, 3})));
  EXPECT_EQ(file.at("long").item<int64_t>(), int64_t{1} << 40);
}

}  // namespace
}  // namespace fer
