#include "compare/align.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Align, PutsClassesAndRowsIntoTheOrderOfTheReference) {
  const Predictions reference =
      table({"happy", "sad"}, {0, 1, 1}, {{.9, .1}, {.2, .8}, {.6, .4}},
            {"x", "y", "z"});
  // The same images in another order, classes the other way round.
  const Predictions other =
      table({"sad", "happy"}, {0, 1, 0}, {{.3, .7}, {.25, .75}, {.55, .45}},
            {"z", "x", "y"});
  const Predictions moved = align(other, reference, "runs/b", "runs/a");
  EXPECT_THAT(moved.class_names, ElementsAre("happy", "sad"));
  EXPECT_THAT(moved.ids, ElementsAre("x", "y", "z"));
  EXPECT_THAT(moved.labels, ElementsAre(0, 1, 1));
  // x: sad .25, happy .75; y: .55, .45; z: .3, .7.
  EXPECT_THAT(moved.probabilities, ElementsAre(.75, .25, .45, .55, .7, .3));
  EXPECT_THAT(moved.predicted, ElementsAre(0, 1, 0));
}

TEST(Align, RefusesOtherClassesAndNamesBothRuns) {
  const Predictions a = marks("++");
  const Predictions b = table({"happy", "fear"}, {0, 1}, {{1, 0}, {0, 1}});
  EXPECT_EQ(error_text([&] { align(b, a, "runs/b", "runs/a"); }),
            "[compare] expected the same classes in all runs; got happy, sad "
            "(runs/a) and happy, fear (runs/b). Compare runs of the same "
            "classes.");
}

TEST(Align, RefusesOtherImagesAndLabelsAndNamesBothRuns) {
  const Predictions a = marks("+++");
  Predictions b = a;
  b.ids[2] = "other";
  EXPECT_THAT(error_text([&] { align(b, a, "runs/b", "runs/a"); }),
              testing::AllOf(HasSubstr("expected the same images"),
                             HasSubstr("'img-2'"),
                             HasSubstr("(first: runs/a, second: runs/b)")));
  b = a;
  b.labels[0] = 1;
  EXPECT_THAT(error_text([&] { align(b, a, "runs/b", "runs/a"); }),
              testing::AllOf(HasSubstr("label"), HasSubstr("img-0"),
                             HasSubstr("second: runs/b")));
}

}  // namespace
}  // namespace fer
