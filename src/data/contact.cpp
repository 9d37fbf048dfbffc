#include "data/contact.h"

#include "core/error.h"
#include "core/file.h"

namespace fer {

Image picture_of(const ImageSet& images, size_t i) {
  const auto planes = images.image(i);
  const size_t plane = images.height * images.width;
  Image picture{static_cast<int>(images.width),
                static_cast<int>(images.height),
                static_cast<int>(images.channels),
                {}};
  picture.pixels.reserve(planes.size());
  for (size_t p = 0; p < plane; ++p) {
    for (size_t c = 0; c < images.channels; ++c)
      picture.pixels.push_back(planes[c * plane + p]);
  }
  return picture;
}

void write_contact_sheet(const std::filesystem::path& path,
                         const ImageSet& images, std::span<const int64_t> rows,
                         std::span<const std::string> captions, int columns) {
  if (!captions.empty() && captions.size() != rows.size()) {
    fail<Error>("[contact sheet] expected {} captions; got {}.", rows.size(),
                captions.size());
  }
  std::vector<Tile> tiles;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto row = static_cast<size_t>(rows[i]);
    const auto label = static_cast<size_t>(images.labels.at(row));
    tiles.push_back(
        {picture_of(images, row),
         captions.empty() ? images.class_names.at(label) : captions[i],
         Tile::Mark::kNone});
  }
  write_picture(path, contact_sheet(tiles, columns));
}

void write_picture(const std::filesystem::path& path, const Image& picture) {
  const auto png = encode_png(picture);
  write_file(path, {reinterpret_cast<const char*>(png.data()), png.size()});
}

}  // namespace fer
