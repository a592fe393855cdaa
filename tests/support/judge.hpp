// SPDX-License-Identifier: MIT
// Programs of others that judge what we made, in a folder of their own.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::testing {

class Judge {
 public:
  // Whether there is such a program; `command` is one that it does nothing for.
  static bool has(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }
  static std::string at(TimePoint time) { return " -attime " + std::to_string(to_unix_millis(time) / 1000); }

  bool put(const std::string& name, std::string_view content) const {
    return write_file_atomically(folder_ / name, content).ok();
  }
  std::string get(const std::string& name) const {
    auto text = read_file(folder_ / name);
    return text ? *std::move(text) : "";
  }
  // Whether it says that all is good. What it said is in said(), and shown when it is not
  // `expected`.
  bool run(const std::string& command, bool expected = true) const {
    const std::string line =
        "cd " + folder_.path().string() + " && timeout 120 " + command + " >out.txt 2>&1 </dev/null";
    const bool good = std::system(line.c_str()) == 0;
    if (good != expected) std::fprintf(stderr, "%s\n%s\n", command.c_str(), said().c_str());
    return good;
  }
  std::string said() const { return get("out.txt"); }
  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

 private:
  const TemporaryDirectory folder_;
};

}  // namespace causeway::testing
