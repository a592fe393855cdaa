// SPDX-License-Identifier: MIT
#include "cli/secret_prompt.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace causeway::cli {

std::string read_secret(const std::string& prompt) {
  termios before{};
  const bool terminal = ::isatty(STDIN_FILENO) != 0 && ::tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    std::cerr << prompt << std::flush;
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  std::string line;
  std::getline(std::cin, line);
  if (terminal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::cerr << "\n";
  }
  return line;
}

}  // namespace causeway::cli
