// SPDX-License-Identifier: MIT
// Writing XML as text. What comes out is well-formed whatever goes in: characters that
// XML cannot carry, and octets that are not UTF-8, become U+FFFD.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace causeway::xml {

// Escaped as in canonical XML, so that written text equals its canonical form.
void append_text(std::string& out, std::string_view text);
void append_attribute_value(std::string& out, std::string_view text);
std::string escape_text(std::string_view text);
std::string escape_attribute(std::string_view text);

// Builds a document from the outside in. Names are written as given.
class Writer {
 public:
  // `indent` spaces for each level; 0 writes no white space at all.
  explicit Writer(unsigned indent = 0) : indent_(indent) {}

  // Memory for about so many octets, so that a large document is not copied while it grows.
  Writer& reserve(std::size_t octets) {
    out_.reserve(octets);
    return *this;
  }
  Writer& declaration(std::string_view text = R"(<?xml version="1.0" encoding="UTF-8"?>)");
  Writer& open(std::string_view name);
  // Of the element just opened.
  Writer& attribute(std::string_view name, std::string_view value);
  Writer& text(std::string_view value);
  Writer& close();
  // An element with nothing but text.
  Writer& element(std::string_view name, std::string_view value);

  // Every element is closed by now.
  std::string finish() &&;

 private:
  void end_start_tag();
  void new_line();

  std::string out_;
  std::vector<std::string> open_;
  unsigned indent_;
  bool in_start_tag_ = false;
  bool after_text_ = false;
};

}  // namespace causeway::xml
