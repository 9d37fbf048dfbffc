#include "core/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fer {
namespace {

using testing::ElementsAre;

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("a,b,c", ','), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split(",a,", ','), ElementsAre("", "a", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Join, IsTheWayBack) {
  const std::vector<std::string> parts = {"a", "", "c"};
  EXPECT_EQ(join(parts, ", "), "a, , c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(EditDistance, CountsInsertDeleteReplaceAndSwap) {
  EXPECT_EQ(edit_distance("epochs", "epochs"), 0);
  EXPECT_EQ(edit_distance("epochz", "epochs"), 1);   // replace
  EXPECT_EQ(edit_distance("epoch", "epochs"), 1);    // insert
  EXPECT_EQ(edit_distance("eepochs", "epochs"), 1);  // delete
  EXPECT_EQ(edit_distance("eopchs", "epochs"), 1);   // swap
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);  // k-s, e-i, +g
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("abc", ""), 3);
}

TEST(Nearest, FindsTheTypoAndRejectsStrangers) {
  const std::vector<std::string> names = {"epochs", "batch_size", "device"};
  EXPECT_EQ(nearest("epochz", names), "epochs");
  EXPECT_EQ(nearest("batchsize", names), "batch_size");
  EXPECT_EQ(nearest("learning_rate", names), "");
  EXPECT_EQ(nearest("epochs", {}), "");
}

TEST(Nearest, DoesNotGuessForWordsOfOneOrTwoLetters) {
  const std::vector<std::string> names = {"on", "lr"};
  EXPECT_EQ(nearest("xy", names), "");
  EXPECT_EQ(nearest("o", names), "on");  // one letter away
}

TEST(FormatTable, AlignsTheFirstColumnLeftAndTheRestRight) {
  EXPECT_EQ(format_table({{"class", "f1", "n"}, {"sad", "0.91", "12"}}),
            "class    f1   n\n"
            "sad    0.91  12\n");
}

TEST(FormatTable, LeavesNoBlanksAtLineEnds) {
  EXPECT_EQ(format_table({{"longer", "b"}, {"a"}, {"c", ""}}),
            "longer  b\n"
            "a\n"
            "c\n");
}

TEST(FormatTable, CountsLettersNotBytes) {
  EXPECT_EQ(format_table({{"name", "n"}, {"Zoë", "±1"}}),
            "name   n\n"
            "Zoë   ±1\n");
}

TEST(FormatTable, OfNothingIsNothing) { EXPECT_EQ(format_table({}), ""); }

}  // namespace
}  // namespace fer
