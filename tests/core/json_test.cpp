#include "core/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/file.h"
#include "temporary_folder.h"

namespace fer {
namespace {

class JsonFile : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "a.json";
};

TEST_F(JsonFile, KeepsTheOrderOfKeysAndEveryDigit) {
  const Json value = {{"z", 1}, {"a", {0.1, 1.0 / 3}}, {"m", nullptr}};
  write_json(path_, value);
  EXPECT_EQ(read_json(path_), value);
  EXPECT_EQ(read_file(path_),
            "{\n  \"z\": 1,\n  \"a\": [\n    0.1,\n    0.3333333333333333\n"
            "  ],\n  \"m\": null\n}\n");
}

TEST_F(JsonFile, WritesNumbersThatAreNotFiniteAsNull) {
  write_json(path_, {{"a", std::nan("")},
                     {"b", std::numeric_limits<double>::infinity()}});
  EXPECT_EQ(read_json(path_).dump(), R"({"a":null,"b":null})");
}

TEST_F(JsonFile, WritesBytesThatAreNotUtf8WithAReplacement) {
  write_json(path_, {{"id", "caf\xE9.jpg"}});  // Latin-1 file name
  EXPECT_EQ(read_json(path_)["id"], "caf\xEF\xBF\xBD.jpg");
}

TEST_F(JsonFile, NamesTheByteOfAFault) {
  write_file(path_, "{\"a\": 1,}");
  EXPECT_EQ(error_text([&] { read_json(path_); }),
            "[json] expected valid JSON; got a fault at byte 9 (" +
                path_.string() + "). The file is damaged: write it again.");
}

TEST_F(JsonFile, AMissingFileIsNamed) {
  EXPECT_EQ(error_text([&] { read_json(path_); }),
            "[file] expected a readable file; got 'No such file or directory' "
            "(" +
                path_.string() + "). Check the path.");
}

TEST(JsonText, ReplacesBytesThatAreNoUtf8) {
  EXPECT_EQ(json_text("\xE9"), "\"\uFFFD\"");
  EXPECT_EQ(json_text({{"a", 1}}), "{\n  \"a\": 1\n}");
  EXPECT_EQ(json_text({{"a", 1}}, -1), "{\"a\":1}");
}

}  // namespace
}  // namespace fer
