#include "report/scored_hash.h"

#include <gtest/gtest.h>

#include "core/hash.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {

Json scored_as(const std::string& hash) {
  return {{"test", {{"predictions_sha256", hash}}}};
}

TEST(ChangedPredictions, AreThoseWhoseHashIsNoLongerTheStoredOne) {
  const TemporaryFolder folder;
  folder.write("predictions-test.csv", "id\na\n");
  const std::string hash = sha256("id\na\n");
  EXPECT_FALSE(changed_predictions(folder.path(), scored_as(hash), "test"));
  folder.write("predictions-test.csv", "id\nb\n");
  const auto changed =
      changed_predictions(folder.path(), scored_as(hash), "test");
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->scored, hash);
  EXPECT_EQ(changed->found, sha256("id\nb\n"));
}

TEST(ChangedPredictions, AreUnknownWhereNoHashWasKept) {
  const TemporaryFolder folder;
  for (const Json& metrics :
       {Json(), Json::object(), Json{{"test", {{"n", 1}}}}})
    EXPECT_FALSE(changed_predictions(folder.path(), metrics, "test"));
}

}  // namespace
}  // namespace fer
