// What each stage from photograph to songs loses, from the command line.
#include <gmock/gmock.h>

#include "photo_folder.h"
#include "program.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Validate : public testing::Test {
 protected:
  Validate() {
    write_photo(folder_, "photos/happy/1.png", 255);
    write_photo(folder_, "photos/happy/2.png", 0);
    write_photo(folder_, "photos/sad/3.png", 0);
    write_photo(folder_, "photos/angry/4.png", 0);
  }

  Result in_folder(std::vector<std::string> words) {
    words.insert(words.end(), {"--model", kTinyModel, "--whole-picture"});
    ProgramOptions options;
    options.folder = folder_.path();
    return run(words, options);
  }

  TemporaryFolder folder_;
};

TEST_F(Validate, ShowsWhatEachStageLoses) {
  const Result text = in_folder({"validate", "photos"});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, StartsWith("1 of 4 pictures show an emotion that the "
                                   "model does not know: left out"));
  EXPECT_THAT(text.out, HasSubstr("emotion right"));
  const Json json = in_folder({"validate", "photos", "--json"}).json();
  EXPECT_EQ(json["stages"][3]["stage"], "emotion");
  EXPECT_EQ(json["stages"][3]["kept"], 2);
  EXPECT_EQ(json["stages"][3]["of"], 3);
  EXPECT_EQ(json["classes"]["happy"]["right"], 1);
}

TEST_F(Validate, PrintsJsonWhateverTheFilesAreCalled) {
  folder_.write("photos/happy/caf\xE9.png", "x");
  const Result result = in_folder({"validate", "photos", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.json()["unreadable"].size(), 1u);
}

TEST_F(Validate, MistakesAreOneLine) {
  const Result gone = in_folder({"validate", "gone"});
  EXPECT_EQ(gone.exit_code, 1);
  EXPECT_THAT(gone.last_error_line(),
              StartsWith("error: [validate] expected a folder; got no such "
                         "folder (gone)."));
  EXPECT_THAT(
      in_folder({"validate", "photos", "--policy", "luck"}).last_error_line(),
      HasSubstr("luck"));
  EXPECT_EQ(in_folder({"validate"}).exit_code, 2);
  EXPECT_EQ(in_folder({"validate", "photos", "--run", "x"}).exit_code, 2);
}

}  // namespace
}  // namespace fer
