#include "deploy/labelled_pictures.h"

#include <algorithm>

#include "config/faults.h"
#include "core/csv.h"
#include "core/error.h"
#include "core/text.h"
#include "deploy/picture_files.h"
#include "songs/emotion.h"

namespace fer {
namespace {

namespace fs = std::filesystem;

std::vector<LabelledPicture> listed(const fs::path& folder,
                                    const fs::path& list) {
  const CsvTable table = read_csv(list);
  for (const char* name : {"image", "emotion"}) {
    if (std::ranges::find(table.columns, name) != table.columns.end()) continue;
    fail<DataError>(
        "[validate] expected the columns image and emotion; got {} ({}).",
        join(table.columns, ", "), list.string());
  }
  const size_t image = table.column("image"), emotion = table.column("emotion");
  std::vector<LabelledPicture> pictures;
  for (const auto& row : table.rows) {
    const fs::path path = folder / row[image];
    if (!fs::is_regular_file(path)) {
      fail<DataError>(
          "[validate] expected the picture {}; got no such file "
          "({}). Mend the table.",
          path.string(), list.string());
    }
    pictures.push_back({row[image], row[emotion], path, {}});
  }
  return pictures;
}

std::vector<LabelledPicture> in_folders(const fs::path& folder) {
  std::vector<LabelledPicture> pictures;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::error_code unknown;
    if (!entry.is_directory(unknown)) continue;
    const std::string label = entry.path().filename().string();
    const std::string names[] = {entry.path().string()};
    for (const PictureFile& file : picture_files(names))
      if (file.kind == PictureFile::Kind::kPicture)
        pictures.push_back(
            {fs::relative(file.path, folder).string(), label, file.path, {}});
  }
  return pictures;
}

// DataError that says where the word stands.
void require_emotion(const LabelledPicture& picture, const fs::path& place) {
  try {
    parse_emotion(picture.label);
  } catch (const DataError&) {
    fail<DataError>(
        "[validate] expected an emotion as the label of {}, such as angry, "
        "happy or sad; got {} ({}). Mend or remove it.",
        picture.name, in_quotes(picture.label), place.string());
  }
}

}  // namespace

std::vector<LabelledPicture> labelled_pictures(const fs::path& folder) {
  if (!fs::is_directory(folder)) {
    fail<DataError>("[validate] expected a folder; got no such folder ({}).",
                    folder.string());
  }
  const fs::path list = folder / "labels.csv";
  auto pictures =
      fs::is_regular_file(list) ? listed(folder, list) : in_folders(folder);
  if (pictures.empty()) {
    fail<DataError>(
        "[validate] expected labels.csv (image,emotion) or a sub-folder of "
        "pictures for each emotion; got neither ({}).",
        folder.string());
  }
  for (const LabelledPicture& picture : pictures)
    require_emotion(picture, fs::is_regular_file(list) ? list : folder);
  std::ranges::sort(pictures, {}, &LabelledPicture::name);
  return pictures;
}

}  // namespace fer
