// Songs and catalogues for tests.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/temporary_folder.h"
#include "songs/song.h"
#include "songs/song_database.h"

namespace fer {

/// 22 letters and digits that end in `number`.
std::string test_id(int number);

/// "Song <number>" by "Artist", with a link, and nothing else.
Song test_song(int number);

/// A song of a genre, a mood and a popularity of 0 to 100.
Song test_song(int number, const std::string& genre, const std::string& mood,
               double popularity);

/// A catalogue of these songs in `folder`; scales are filled.
std::filesystem::path make_catalogue(const TemporaryFolder& folder,
                                     std::vector<Song> songs,
                                     const std::string& name = "songs.sqlite");

/// The ids' numbers of test_id().
std::vector<int> numbers_of(const std::vector<Song>& songs);

/// FERBENCH_DATA/<name>, or "" where there is no such file.
std::filesystem::path data_file(const std::string& name);

/// A MuSe table of `rows` songs, all whole.
std::string muse_table(int rows);

}  // namespace fer
