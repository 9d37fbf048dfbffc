#include <gtest/gtest.h>

#include <string>

#include "core/temporary_folder.h"
#include "stats/pairing.h"

namespace fer {
namespace {

using Groups = std::vector<int64_t>;

Predictions with_ids(std::vector<std::string> ids) {
  Predictions p;
  p.class_names = {"a", "b"};
  p.ids = std::move(ids);
  return p;
}

Json audit(const std::string& lists) {
  return Json::parse(R"({"twin_groups": {"test": )" + lists + "}}");
}

TEST(RowGroups, TheSameIdIsOneGroup) {
  EXPECT_EQ(row_groups(with_ids({"x", "y", "x", "z"}), Json(), "test"),
            (Groups{0, 1, 0, 2}));
}

TEST(RowGroups, TwinsAreOneGroup) {
  EXPECT_EQ(row_groups(with_ids({"w", "x", "y", "z", "x"}),
                       audit(R"([["z", "w"], ["q", "y"]])"), "test"),
            (Groups{0, 1, 2, 0, 1}));
}

TEST(RowGroups, FindsTwinsWhoseNamesAreNoUtf8) {
  EXPECT_EQ(row_groups(with_ids({"\xE9"
                                 "1",
                                 "\xE9"
                                 "2",
                                 "x"}),
                       audit("[[\"\uFFFD1\", \"\uFFFD2\"]]"), "test"),
            (Groups{0, 0, 1}));
}

TEST(RowGroups, ListsThatShareAnIdAreOne) {
  EXPECT_EQ(
      row_groups(with_ids({"a", "b", "c", "d", "e"}),
                 audit(R"([["a", "b"], ["d", "e"], ["b", "d"]])"), "test"),
      (Groups{0, 0, 1, 0, 0}));
}

TEST(RowGroups, AnAuditWithoutTwinsGroupsByIdAlone) {
  const Predictions p = with_ids({"x", "y", "x"});
  const Groups by_id = {0, 1, 0};
  EXPECT_EQ(row_groups(p, Json::object(), "test"), by_id);
  EXPECT_EQ(row_groups(p, Json::parse(R"({"twin_groups": null})"), "test"),
            by_id);
  EXPECT_EQ(row_groups(p, audit(R"([["x", "y"]])"), "val"), by_id);
  EXPECT_EQ(row_groups(p, audit("[]"), "test"), by_id);
  EXPECT_EQ(row_groups(with_ids({}), audit("[]"), "test"), Groups{});
}

TEST(RowGroups, RejectsListsOfSomethingElse) {
  const Predictions p = with_ids({"x", "y"});
  const auto text = [](const std::string& got) {
    return "[row_groups] expected twin_groups.test to be lists of ids; got " +
           got + ". Write audit.json again with `ferbench data audit`.";
  };
  EXPECT_EQ(error_text([&] { row_groups(p, audit("[[1, 2]]"), "test"); }),
            text("[1,2]"));
  EXPECT_EQ(error_text([&] { row_groups(p, audit(R"(["x"])"), "test"); }),
            text("\"x\""));
  EXPECT_EQ(error_text([&] { row_groups(p, audit("5"), "test"); }), text("5"));
  EXPECT_EQ(error_text([&] {
              row_groups(p, Json::parse(R"({"twin_groups": 3})"), "test");
            }),
            text("3"));
}

}  // namespace
}  // namespace fer
