// SPDX-License-Identifier: MIT
// Reads XML in the form in which Central Servers write configurations, many times faster
// than a general parser does, and with a window on the file instead of the whole of it.
//
// It answers the same questions as XmlCursor, and whatever it accepts XmlCursor reads to the
// same. It has given up (failed()) at the first octet it does not expect, be that a fault or
// merely unusual: comments, CDATA sections, processing instructions, character references,
// carriage returns, names outside ASCII, namespaces declared below the root, tokens longer
// than its window. XmlCursor is then asked, from the beginning, and says what is wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/file_reader.hpp"

namespace causeway::globalconf {

class PlainXmlCursor {
 public:
  // `document` must outlive the cursor.
  explicit PlainXmlCursor(std::string_view document);
  // `file` outlives the cursor. What cannot be read of it, or is beyond `limit` octets, is a
  // reason to give up too.
  PlainXmlCursor(FileReader& file, std::size_t limit);

  bool enter_if(std::string_view name);
  bool enter(std::string_view name);
  void leave();
  // A view lasts until the next question.
  std::optional<std::string_view> attribute(std::string_view name);
  std::optional<std::string_view> text_if(std::string_view name);
  std::string_view text(std::string_view name);
  std::int64_t integer(std::string_view name);
  std::optional<bool> boolean_if(std::string_view name);
  Bytes base64(std::string_view name);
  std::optional<Bytes> base64_if(std::string_view name);
  // Only where nothing is left.
  void skip_rest();

  void fail(std::string_view) { failed_ = true; }
  bool failed() const { return failed_; }
  // The document is at its end and all was as expected.
  bool finish();

 private:
  struct Namespace {
    std::string prefix, uri;
  };
  struct Attribute {
    std::string_view prefix, local, value;
  };

  bool give_up() { return failed_ = true, false; }
  // So that the next token lies in the window whole, or the document ends in it.
  void fill();
  bool skip_declaration();
  bool to_markup();  // passes over white space; false at anything but '<'
  bool read_start_tag(std::string_view name);
  bool read_attributes(const char* at);
  bool declare_namespaces();
  bool read_end_tag();
  bool check_attributes();
  bool is(std::string_view uri, std::string_view local, std::string_view name) const;
  std::optional<std::string_view> uri_of(std::string_view prefix) const;
  std::optional<std::string_view> content();

  FileReader* file_ = nullptr;
  std::size_t limit_ = 0;  // octets that may still be read
  bool whole_ = true;      // nothing comes behind the window
  std::vector<char> window_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  bool failed_ = false;
  bool begun_ = false;
  bool over_ = false;           // the root element is closed
  bool closes_itself_ = false;  // the element entered last was <empty/>
  std::vector<std::string> open_;
  std::size_t depth_ = 0;  // of the names in open_ that stand for something
  std::vector<Namespace> namespaces_;
  std::vector<Attribute> attributes_;  // of the element entered last, not yet asked for
  std::string unescaped_;
};

}  // namespace causeway::globalconf
