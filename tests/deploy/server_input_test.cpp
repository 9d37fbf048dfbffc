// Pictures, forms and paths that are not what they should be.
#include <gmock/gmock.h>

#include <atomic>

#include "deploy/server_fixture.h"

namespace fer {
namespace {
using testing::HasSubstr;
using testing::Not;

using ServerInput = ServerTest;

TEST_F(ServerInput, DecodesNoPictureWithTooManyPixels) {
  std::atomic<bool> asked = false;
  options_.predict = [&](std::span<const std::byte>) {
    asked = true;
    return happy_outcome();
  };
  options_.limits.pixels = 1'000'000;
  start();
  for (const auto& [width, height] : std::vector<std::pair<uint32_t, uint32_t>>{
           {1001, 1000}, {1, 0x7fffffff}, {0x7fffffff, 0x7fffffff}}) {
    const HttpAnswer answer =
        post("/api/predict", png_header(width, height), "image/png");
    EXPECT_EQ(answer.status, 413) << width;
    EXPECT_THAT(answer.error(), HasSubstr("at most 1000000 pixels"));
  }
  EXPECT_FALSE(asked);
  EXPECT_EQ(post("/api/predict", png_header(1000, 1000), "image/png").status,
            200);
}

TEST_F(ServerInput, RefusesWhatIsNoPicture) {
  start();
  for (const std::string& body :
       {std::string("GIF89a"), std::string(), std::string("\x89PNG"),
        std::string("<svg/>")}) {
    const HttpAnswer answer = post("/api/predict", body, "image/png");
    EXPECT_EQ(answer.status, 415) << body;
    EXPECT_THAT(answer.error(), HasSubstr("JPEG, PNG, BMP or WebP"));
  }
}

TEST_F(ServerInput, RefusesOtherTypes) {
  start();
  for (const char* type : {"text/html", "image/svg+xml", "", "application/json",
                           "application/x-www-form-urlencoded"}) {
    const HttpAnswer answer = post("/api/predict", "x", type);
    EXPECT_EQ(answer.status, 415) << type;
    answer.error();
  }
  EXPECT_EQ(post("/api/recommend", "{}", "text/plain").status, 415);
  const HttpAnswer packed = post("/api/predict", png_header(2, 2), "image/png",
                                 {{"Content-Encoding", "gzip"}});
  EXPECT_EQ(packed.status, 415);
  EXPECT_THAT(packed.error(), HasSubstr("Content-Encoding"));
}

TEST_F(ServerInput, RefusesMisshapenForms) {
  start();
  const std::string good = form_of(png_header(9, 9), "b");
  for (const auto& [type, body] :
       std::vector<std::pair<std::string, std::string>>{
           {"multipart/form-data", good},
           {"multipart/form-data; boundary=", good},
           {"multipart/form-data; boundary=" + std::string(71, 'b'), good},
           {"multipart/form-data; boundary=other", good},
           {"multipart/form-data; boundary=b", ""},
           {"multipart/form-data; boundary=b", "--b"},
           {"multipart/form-data; boundary=b", "--b\r\n"},
           {"multipart/form-data; boundary=b", "--b--\r\n"},
           {"multipart/form-data; boundary=b",
            good.substr(0, good.size() - 10)},
           {"multipart/form-data; boundary=b",
            "--b\r\nno colon\r\n\r\nx\r\n--b--"},
           {"multipart/form-data; boundary=b",
            "--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--"},
           {"multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=other\r\n\r\nx\r\n"
            "--b--"},
           {"multipart/form-data; boundary=b",
            good.substr(0, good.size() - 4) + "\r\n" + good.substr(5)},
       }) {
    const HttpAnswer answer = post("/api/predict", body, type);
    EXPECT_EQ(answer.status, 400) << type << '\n' << body;
    EXPECT_THAT(answer.error(), HasSubstr("form"));
  }
}

TEST_F(ServerInput, KnowsNoOtherPath) {
  start();
  for (const char* path :
       {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc",
        "/page.js/../../etc/passwd", "//etc/passwd", "/page.css%00.js", "/api",
        "/api/predict/", "/index.html", "/\\..\\etc", "/.git/config"}) {
    const HttpAnswer answer = get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_THAT(answer.error(), Not(HasSubstr("root:")));
  }
}

}  // namespace
}  // namespace fer
