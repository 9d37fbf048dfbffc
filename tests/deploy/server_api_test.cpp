// What the API answers when all is well, and its JSON errors.
#include <gmock/gmock.h>

#include <chrono>
#include <set>
#include <thread>

#include "core/error.h"
#include "deploy/http_limits.h"
#include "deploy/server_fixture.h"
#include "deploy/server_metrics.h"
#include "songs/song_builder.h"

namespace fer {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

using ServerApi = ServerTest;

std::vector<std::string> ids_of(const Json& answer) {
  std::vector<std::string> ids;
  for (const Json& song : answer["songs"]) ids.push_back(song["track_id"]);
  return ids;
}

TEST_F(ServerApi, PredictsARawPictureAndAForm) {
  start();
  const std::string picture = png_header(200, 100);
  const HttpAnswer raw = post("/api/predict", picture, "image/png");
  ASSERT_EQ(raw.status, 200) << raw.body;
  EXPECT_EQ(raw.json()["emotion"], "happy");
  EXPECT_EQ(raw.json()["faces"][0]["box"], Json({50, 20, 60, 60}));
  const HttpAnswer form = post("/api/predict", form_of(picture, "xyz"),
                               "multipart/form-data; boundary=\"xyz\"");
  EXPECT_EQ(form.status, 200) << form.body;
  EXPECT_EQ(form.json()["faces"], raw.json()["faces"]);
}

TEST_F(ServerApi, LeavesOtherPoliciesAsTheyAreBesideAPlaylist) {
  options_.recommend.playlist = folder_.write("mine.m3u", test_id(3) + "\n");
  start();
  const auto ids = [&](const char* body) {
    return ids_of(post("/api/recommend", body, "application/json").json());
  };
  EXPECT_THAT(ids(R"({"emotion": "sad"})"), ElementsAre(test_id(4)));
  EXPECT_THAT(ids(R"({"emotion": "happy", "policy": "playlist"})"),
              ElementsAre(test_id(3)));
}

TEST_F(ServerApi, GivesThePredictorTheBytesThatWereSent) {
  std::string seen;
  options_.predict = [&](std::span<const std::byte> bytes) {
    seen.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return happy_outcome();
  };
  start();
  const std::string picture = png_header(3, 4) + std::string("\0\r\n--x", 6);
  post("/api/predict", form_of(picture, "xyz"),
       "Multipart/Form-Data; boundary=xyz");
  EXPECT_EQ(seen, picture);
}

TEST_F(ServerApi, AnswersNoFaceWithAdvice) {
  options_.predict = [](std::span<const std::byte>) {
    Outcome outcome;
    outcome.width = 3;
    outcome.height = 4;
    return outcome;
  };
  start();
  const Json answer = predict().json();
  EXPECT_EQ(answer["outcome"], "no_face");
  EXPECT_TRUE(answer["emotion"].is_null());
  EXPECT_TRUE(answer["faces"].empty());
  EXPECT_FALSE(answer["advice"].get<std::string>().empty());
}

TEST_F(ServerApi, SaysWhyAPictureCannotBeRead) {
  options_.predict = [](std::span<const std::byte>) -> Outcome {
    fail<DataError>("[vision] expected an image; got a damaged one.");
  };
  start();
  const HttpAnswer answer = predict();
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.error(), "[vision] expected an image; got a damaged one.");
}

TEST_F(ServerApi, HidesWhatAFaultOfTheServerSays) {
  options_.predict = [](std::span<const std::byte>) -> Outcome {
    throw std::runtime_error("/secret/path");
  };
  start();
  const HttpAnswer answer = predict();
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.error(), HasSubstr("fault of the server"));
  EXPECT_THAT(answer.body, testing::Not(HasSubstr("secret")));
}

TEST_F(ServerApi, RecommendsForAnEmotionAndForFrames) {
  start();
  const HttpAnswer one =
      post("/api/recommend", R"({"emotion": "sad"})", "application/json");
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_THAT(ids_of(one.json()), ElementsAre(test_id(4)));
  // Two happy frames, a sad one, one without a face: the songs are shared 2:1.
  const Json burst =
      post("/api/recommend",
           R"({"frames": [{"happy": 0.8, "sad": 0.2}, null, {"happy": 0.9},)"
           R"( {"sad": 1.0}], "count": 3})",
           "application/json; charset=utf-8")
          .json();
  EXPECT_EQ(burst["emotion"], "happy");
  EXPECT_EQ(burst["burst"],
            Json({{"frames", 4}, {"no_face", 1}, {"unclear", 0}}));
  EXPECT_EQ(burst["emotions"][0]["songs"], 2);
  EXPECT_EQ(burst["emotions"][1]["songs"], 1);
}

TEST_F(ServerApi, GoesOnWithSongsThatWereNotShown) {
  start();
  Json request = {{"emotion", "happy"}, {"count", 2}};
  const auto songs = [&] {
    return post("/api/recommend", request.dump(), "application/json").json();
  };
  EXPECT_THAT(ids_of(songs()), ElementsAre(test_id(1), test_id(2)));
  request["exclude"] = {test_id(1), test_id(2)};
  EXPECT_THAT(ids_of(songs()), ElementsAre(test_id(3)));
  request["exclude"] = {test_id(1), test_id(2), test_id(3)};
  const Json last = songs();
  EXPECT_TRUE(last["songs"].empty());
  EXPECT_THAT(last["notes"].dump(), HasSubstr("all songs"));
}

TEST_F(ServerApi, RefusesMisshapenRecommendRequests) {
  start();
  const std::string deep = std::string(100000, '[');
  for (const auto& [body, status, text] :
       std::vector<std::tuple<std::string, int, std::string>>{
           {"", 400, "JSON object"},
           {"[1, 2", 400, "JSON object"},
           {deep, 400, "JSON object"},
           {R"({"emotion": "happy", "emotions": 1})", 400, "another one"},
           {R"({"emotion": "happy", "frames": []})", 400, "got both"},
           {R"({})", 400, "got neither"},
           {R"({"emotion": "hapy"})", 400, "happy"},
           {R"({"emotion": 7})", 400, "text"},
           {R"({"frames": []})", 400, "1 to 200 frames; got 0"},
           {R"({"frames": [{"happy": 2}]})", 400, "from 0 to 1"},
           {R"({"frames": ["happy"]})", 400, "expected frames such as"},
           {R"({"emotion": "happy", "count": 0})", 400, "1 to 50"},
           {R"({"emotion": "happy", "count": 1e9})", 400, "1 to 50"},
           {R"({"emotion": "happy", "exclude": "x"})", 400, "at most 500"},
           {R"({"emotion": "happy", "policy": "x"})", 400, "report, "},
           {R"({"emotion": "happy", "policy": "playlist"})", 400, "report, "},
           {R"({"frames": [null, null]})", 422, "2 without a face"},
           {R"({"frames": [{"happy": 0.4}]})", 422, "in which none reaches"},
           {R"({"emotion": "angry"})", 422, "angry"},
       }) {
    const HttpAnswer answer = post("/api/recommend", body, "application/json");
    EXPECT_EQ(answer.status, status) << body.substr(0, 80);
    EXPECT_THAT(answer.error(), HasSubstr(text)) << body.substr(0, 80);
  }
}

TEST_F(ServerApi, NamesNoPathOfThisMachine) {
  options_.songs = make_catalogue(folder_, {test_song(1)}, "bare.sqlite");
  start();
  const HttpAnswer answer =
      post("/api/recommend", R"({"emotion": "happy"})", "application/json");
  EXPECT_EQ(answer.status, 422);
  EXPECT_THAT(answer.error(), testing::Not(HasSubstr(folder_.path().string())));
}

TEST_F(ServerApi, SaysThatThereIsNoCatalogue) {
  options_.songs.clear();
  start();
  const HttpAnswer answer =
      post("/api/recommend", R"({"emotion": "happy"})", "application/json");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.error(), HasSubstr("--songs"));
  EXPECT_TRUE(get("/healthz").json()["policies"].empty());
}

TEST_F(ServerApi, TellsWhatItServes) {
  start();
  const Json health = get("/healthz").json();
  EXPECT_EQ(health["status"], "ok");
  EXPECT_EQ(health["classes"], Json({"happy", "sad"}));
  EXPECT_EQ(health["songs"], 4);
  EXPECT_EQ(health["policies"],
            Json({"report", "mood_table", "valence_arousal"}));
}

TEST_F(ServerApi, CountsForPrometheus) {
  start();
  predict();
  get("/nothing");
  get("/%0a\"evil");
  // A request is counted when its answer has left: the client may be earlier.
  HttpAnswer metrics = get("/metrics");
  for (int i = 0; i < 100; ++i) {
    if (metrics.body.find("status=\"404\"} 2") != std::string::npos) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    metrics = get("/metrics");
  }
  EXPECT_THAT(metrics.header("Content-Type"), HasSubstr("version=0.0.4"));
  for (const char* line :
       {"ferbench_requests_total{path=\"/api/predict\",status=\"200\"} 1",
        "ferbench_requests_total{path=\"other\",status=\"404\"} 2",
        "ferbench_request_seconds_count{path=\"/api/predict\"} 1",
        "ferbench_request_seconds_bucket{path=\"/api/predict\",le=\"+Inf\"} 1",
        "ferbench_pictures_total{outcome=\"emotion\"} 1",
        "ferbench_emotions_total{emotion=\"happy\"} 1",
        "ferbench_open_connections ", "process_resident_memory_bytes "})
    EXPECT_THAT(metrics.body, HasSubstr(line));
}

// 1, 2 and 4 ms lie in the buckets up to 1, 2.5 and 5 ms; buckets add up.
TEST(ServerMetrics, SumsBucketsUp) {
  ServerMetrics metrics;
  for (const double seconds : {0.001, 0.002, 0.004, 60.0})
    metrics.request("/", 200, seconds);
  const std::string text = metrics.text(0);
  for (const char* line :
       {"le=\"0.001\"} 1\n", "le=\"0.0025\"} 2\n", "le=\"0.005\"} 3\n",
        "le=\"5\"} 3\n", "le=\"+Inf\"} 4\n", "_sum{path=\"/\"} 60.007\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST_F(ServerApi, ServesThePage) {
  start();
  const HttpAnswer page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("nothing is written to disk"));
  EXPECT_EQ(get("/page.js").header("Content-Type"),
            "text/javascript; charset=utf-8");
  EXPECT_EQ(get("/page.css").status, 200);
  RawClient client(port_);
  client.send(http_request("HEAD", "/"));
  const HttpAnswer head = client.receive(0.2);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), std::to_string(page.body.size()));
  EXPECT_EQ(head.body, "");
}

TEST(Api, StopsBeforeServingWhatCannotWork) {
  const auto text_of = [](ApiOptions options) -> std::string {
    try {
      Api api(std::move(options));
      return "";
    } catch (const DataError& error) {
      return error.what();
    }
  };
  ApiOptions missing;
  missing.songs = "/no/such.sqlite";
  EXPECT_THAT(text_of(missing), HasSubstr("/no/such.sqlite"));
  ApiOptions unknown;
  unknown.recommend.policy = "unknown";
  EXPECT_THAT(text_of(unknown), HasSubstr("report"));
}

TEST_F(ServerApi, PlaylistAndFeedbackAreReadAtTheStart) {
  const auto text_of = [&](auto change) {
    ApiOptions options = options_;
    change(options);
    return error_text([&] { Api api(std::move(options)); });
  };
  EXPECT_EQ(text_of([](auto& o) {
              o.songs.clear();
              o.recommend.playlist = "mine.m3u";
            }),
            "[serve] expected a catalogue of songs for --playlist; got none. "
            "Name one with --songs FILE.");
  EXPECT_EQ(text_of([](auto& o) { o.recommend.policy = "playlist"; }),
            "[serve] expected a playlist for the policy playlist; got none. "
            "Name one with --playlist FILE.");
  EXPECT_THAT(text_of([](auto& o) { o.recommend.playlist = "/no.m3u"; }),
              HasSubstr("/no.m3u"));
  EXPECT_THAT(text_of([](auto& o) { o.recommend.feedback = "/no.csv"; }),
              HasSubstr("/no.csv"));
}

}  // namespace
}  // namespace fer
