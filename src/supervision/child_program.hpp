// SPDX-License-Identifier: MIT
// A program that is fed octets and waited for, within a time: gpg, and the command that
// takes archives away.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway::supervision {

class ChildProgram {
 public:
  // `arguments`: the program's path first. Its standard error is read by wait(); its
  // output goes there too. It leads a process group of its own, and inherits no other file.
  // Whoever waits gives up soon after `keep_going` says no. io_error.
  static Result<ChildProgram> start(const std::vector<std::string>& arguments, std::chrono::seconds time,
                                    std::function<bool()> keep_going);
  // Ends it if it still runs.
  ~ChildProgram();
  ChildProgram(ChildProgram&& other) noexcept;
  ChildProgram& operator=(ChildProgram&&) = delete;
  ChildProgram(const ChildProgram&) = delete;

  // To its standard input. io_error when it has ended or the time is over.
  Result<void> write(ByteView octets);
  // Closes the input and waits. io_error with the end of what it said, unless it ended
  // with 0 in time.
  Result<void> wait();

 private:
  using Clock = std::chrono::steady_clock;
  ChildProgram(std::string name, Clock::time_point until, std::function<bool()> keep_going)
      : name_(std::move(name)), until_(until), keep_going_(std::move(keep_going)) {}
  void take_words();
  Fault failed(const std::string& how) const;

  std::string name_;
  Clock::time_point until_;
  std::function<bool()> keep_going_;
  pid_t child_ = -1;
  int input_ = -1, words_from_ = -1;
  std::string words_;
};

}  // namespace causeway::supervision
