// Files made to harm: an error without a crash, a hang or a large allocation.
// FERBENCH_FUZZ_SECONDS=60 fuzzes for a minute.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "core/error.h"
#include "core/file.h"
#include "core/philox.h"
#include "core/temporary_folder.h"
#include "models/safetensors.h"
#include "models/safetensors_header.h"

namespace fer {
namespace {

constexpr const char* kNoTable = "a header that is no tensor table";

std::string fault(const std::string& header) {
  try {
    parse_table(header);
    return "none";
  } catch (const TableFault& found) {
    return found.what;
  }
}

std::string entry(const std::string& rest) {
  return R"({"a": {)" + rest + "}}";
}

TEST(TensorTable, IsReadInOrder) {
  const TensorTable table = parse_table(
      R"({"b": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]},
          "__metadata__": {"y": "1", "x": "ä"},
          "a": {"shape": [], "data_offsets": [8, 9], "dtype": "U8"}}  )");
  ASSERT_EQ(table.entries.size(), 2u);
  EXPECT_EQ(table.entries[0].name, "b");
  EXPECT_EQ(table.entries[0].shape, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(table.entries[1].dtype, "U8");
  EXPECT_EQ(table.entries[1].begin, 8u);
  EXPECT_EQ(table.entries[1].end, 9u);
  EXPECT_EQ(table.metadata[0].first, "y");
  EXPECT_EQ(table.metadata[1].second, "ä");
  EXPECT_EQ(table_text(table),
            R"({"__metadata__":{"y":"1","x":"ä"},)"
            R"("b":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
            R"("a":{"dtype":"U8","shape":[],"data_offsets":[8,9]}})");
}

TEST(TensorTable, RefusesDeepNesting) {
  // Deep enough to end a program that follows it by recursion.
  const std::string deep(10'000'000, '[');
  EXPECT_EQ(fault(entry(R"("dtype": "U8", "shape": )" + deep)), kNoTable);
  EXPECT_EQ(fault(entry(R"("x": )" + deep)), kNoTable);
  EXPECT_EQ(fault(R"({"__metadata__": {"a": )" + deep), kNoTable);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  EXPECT_EQ(fault(objects), kNoTable);
}

TEST(TensorTable, RefusesNamesTwice) {
  const std::string a = R"("a": {"dtype": "U8", "shape": [0],
                                 "data_offsets": [0, 0]})";
  EXPECT_EQ(fault("{" + a + "}"), "none");
  EXPECT_EQ(fault("{" + a + ", " + a + "}"), "the name \"a\" twice");
  EXPECT_EQ(fault(R"({"__metadata__": {"x": "", "x": ""}})"),
            "the name \"x\" twice");
  EXPECT_EQ(fault(R"({"__metadata__": {}, "__metadata__": {}})"),
            "the name \"__metadata__\" twice");
  EXPECT_EQ(fault(entry(R"("dtype": "U8", "dtype": "U8")")),
            "the name \"dtype\" twice");
}

TEST(TensorTable, RefusesNumbersThatAreNoSizes) {
  for (const char* number :
       {"-1", "1.0", "1e3", "true", "null", "\"1\"", "18446744073709551616"}) {
    EXPECT_EQ(fault(fmt::format(R"({{"a": {{"dtype": "U8", "shape": [{}],
                                "data_offsets": [0, 1]}}}})",
                                number)),
              kNoTable)
        << number;
    EXPECT_EQ(fault(fmt::format(R"({{"a": {{"dtype": "U8", "shape": [1],
                                "data_offsets": [0, {}]}}}})",
                                number)),
              kNoTable)
        << number;
  }
  EXPECT_EQ(fault(entry(R"("shape": [18446744073709551615])")),
            "an impossible shape in \"a\"");
}

TEST(TensorTable, RefusesTablesOfAnotherForm) {
  for (const char* text :
       {"", " {}", "{", "{}}", "{} x", "[]", R"({"a": 1})", R"({"a": {}})",
        R"({"a": []})", R"({"a": {"dtype": "U8", "shape": []}})",
        R"({"a": {"dtype": "U8", "shape": [], "data_offsets": [0]}})",
        R"({"a": {"dtype": "U8", "shape": [], "data_offsets": [0, 0, 0]}})",
        R"({"a": {"dtype": "U8", "shape": {}, "data_offsets": [0, 0]}})",
        R"({"a": {"dtype": "U8", "shape": [], "offsets": [0, 0]}})",
        R"({"a": {"dtype": ["U8"], "shape": [], "data_offsets": [0, 0]}})",
        R"({"__metadata__": {"a": 1}})", R"({"__metadata__": {"a": {}}})",
        R"({"__metadata__": []})"}) {
    EXPECT_EQ(fault(text), kNoTable) << text;
  }
}

TEST(TensorTable, RefusesTextThatIsNotUtf8) {
  EXPECT_EQ(fault("{\"caf\xe9\": 1}"), "a header that is not UTF-8");
  EXPECT_EQ(fault("{\"__metadata__\": {\"a\": \"\xff\"}}"),
            "a header that is not UTF-8");
}

TEST(TensorTable, RefusesTooManyTensorsAndDimensions) {
  std::string header = "{";
  for (size_t i = 0; i <= kMaxTensors; ++i) {
    header += fmt::format(
        R"({}"{}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
        i == 0 ? "" : ",", i);
  }
  EXPECT_EQ(fault(header + "}"), "more than 100000 tensors");
  std::string ones = "1";
  for (size_t i = 1; i < kMaxDimensions; ++i) ones += ",1";
  EXPECT_EQ(fault(entry("\"shape\": [" + ones)), kNoTable);  // cut
  EXPECT_EQ(fault(entry("\"shape\": [" + ones + ",1")),
            "an impossible shape in \"a\"");
}

TEST(TensorTable, ShowsStrangeNamesOnOneLine) {
  EXPECT_EQ(fault(R"({"a\n\u001b": {}, "a\n\u001b": {}})"), kNoTable);
  EXPECT_EQ(fault(R"({"__metadata__": {"a\n\u001b": "", "a\n\u001b": ""}})"),
            R"(the name "a\n\x1b" twice)");
}

class HostileFile : public testing::Test {
 protected:
  std::filesystem::path path() const {
    return folder_.path() / "x.safetensors";
  }

  void put(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary) << bytes;
  }
  static std::string file_of(const std::string& header,
                             const std::string& data) {
    const uint64_t length = header.size();
    std::string bytes(sizeof length, '\0');
    std::memcpy(bytes.data(), &length, sizeof length);
    return bytes + header + data;
  }

  /// Reads what lies there: a sound file no larger than it says, or DataError.
  /// Anything else fails the test. True for a sound one.
  bool read() const {
    try {
      const TensorFile file = read_safetensors(path());
      size_t bytes = 0;
      for (const auto& item : file.tensors) bytes += item.second.nbytes();
      EXPECT_LE(bytes, std::filesystem::file_size(path()));
      return true;
    } catch (const DataError&) {
      return false;
    }
  }

  TemporaryFolder folder_;
};

TEST_F(HostileFile, WithImpossibleShapesBesideAZeroIsRefused) {
  for (const char* shape :
       {"[0, 9223372036854775807, 2]", "[0, 9223372036854775807]",
        "[9223372036854775807, 0, 9223372036854775807]"}) {
    put(file_of(fmt::format(R"({{"a": {{"dtype": "F32", "shape": {},
                            "data_offsets": [0, 0]}}}})",
                            shape),
                ""));
    EXPECT_NE(error_text([&] {
                read_safetensors(path());
              }).find("a shape larger than the file in \"a\""),
              std::string::npos)
        << shape;
  }
}

TEST_F(HostileFile, OfManyTensorsIsReadInTimeThatGrowsWithThem) {
  std::string header = "{\"__metadata__\":{\"header_sha256\":\"x\"}";
  for (int i = 0; i < 50'000; ++i) {
    header += fmt::format(
        R"(,"{}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})", i);
  }
  put(file_of(header + "}", ""));
  EXPECT_NE(error_text([&] {
              read_safetensors(path());
            }).find("a wrong checksum of the header"),
            std::string::npos);
}

TEST_F(HostileFile, IsNotWritten) {
  TensorFile file;
  file.tensors = {{"caf\xe9", torch::ones({1})}};
  EXPECT_EQ(error_text([&] { write_safetensors(path(), file); }),
            "[safetensors] expected names and text in UTF-8; got other bytes "
            "in \"caf?\". Name it in UTF-8.");
  file.tensors = {{"__metadata__", torch::ones({1})}};
  EXPECT_EQ(error_text([&] { write_safetensors(path(), file); }),
            "[safetensors] expected tensors of different names; got "
            "'__metadata__' twice.");
  file.tensors = {{"a", torch::ones({1})}};
  file.metadata = {{"note", "\xff"}};
  EXPECT_NE(error_text([&] { write_safetensors(path(), file); }), "no error");
  EXPECT_FALSE(std::filesystem::exists(path()));
}

// Changes that a blind flip seldom makes.
const char* const kPieces[] = {"[",
                               "]",
                               "{",
                               "}",
                               "\"",
                               ",",
                               ":",
                               "\\u0000",
                               "\\ud800",
                               "-1",
                               "1e99",
                               "0",
                               "4",
                               "8",
                               "null",
                               "\xff",
                               "\xc3",
                               "F64",
                               "BOOL",
                               "\n",
                               "\0",
                               "9223372036854775807",
                               "18446744073709551615",
                               "\"__metadata__\":{\"sha256\":\"\"},"};

class Fuzz {
 public:
  explicit Fuzz(uint64_t number) : random_(number, 0, 0, Purpose::kInit) {}

  std::string mutate(std::string bytes) {
    const size_t changes = 1 + below(4);
    for (size_t i = 0; i < changes && !bytes.empty(); ++i) change(bytes);
    return bytes;
  }

 private:
  size_t below(size_t n) {
    return std::min(
        n - 1, static_cast<size_t>(random_.uniform() * static_cast<double>(n)));
  }

  void change(std::string& bytes) {
    const size_t at = below(bytes.size());
    const char* piece = kPieces[below(std::size(kPieces))];
    switch (below(7)) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 1:
        bytes[at] = static_cast<char>(below(256));
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.erase(at, 1 + below(16));
        break;
      case 4:
        bytes.insert(at, piece);
        break;
      case 5:
        bytes.insert(at, bytes.substr(below(bytes.size()), below(64)));
        break;
      default:  // a header of another length
        bytes[below(std::min<size_t>(8, bytes.size()))] =
            static_cast<char>(below(256));
    }
  }

  Philox random_;
};

// The right length in front, so that what lies behind it is looked at.
void mend_length(std::string& bytes) {
  const size_t end = bytes.rfind('}');
  if (bytes.size() < 8 || end == std::string::npos || end < 8) return;
  const uint64_t length = end - 7;
  std::memcpy(bytes.data(), &length, sizeof length);
}

TEST_F(HostileFile, FuzzedInAnyWayIsReadOrRefused) {
  const char* asked = std::getenv("FERBENCH_FUZZ_SECONDS");
  const auto seconds = std::chrono::seconds(asked ? std::atoi(asked) : 0);
  const std::string seeds[] = {
      file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
              R"("b":{"dtype":"I32","shape":[2,1],"data_offsets":[8,16]},)"
              R"("c":{"dtype":"U8","shape":[0],"data_offsets":[16,16]}})",
              std::string(16, 'x')),
      file_of(R"({"__metadata__":{"format":"pt"},)"
              R"("a":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]}})",
              "\1")};
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const auto end = std::chrono::steady_clock::now() + seconds;
  size_t files = 0, sound = 0;
  for (; files < 2000 || std::chrono::steady_clock::now() < end; ++files) {
    Fuzz fuzz(files);
    std::string bytes = fuzz.mutate(seeds[files % 2]);
    if (files % 3 != 0) mend_length(bytes);
    put(bytes);
    sound += read();
  }
  getrusage(RUSAGE_SELF, &after);
  std::cout << files << " files, " << sound << " of them sound\n";
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 * 1024);  // KiB
}

}  // namespace
}  // namespace fer
