// SPDX-License-Identifier: MIT
#include "yaml/yaml_document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_set>

#include "yaml/block_yaml.hpp"

namespace causeway {
namespace {

constexpr std::size_t kDepthLimit = 32;

// Leaves yaml-cpp's parser from inside a callback; never leaves this file.
struct Refused {
  YAML::Mark mark;
  std::string reason;
};

class EventReader : public YAML::EventHandler {
 public:
  explicit EventReader(std::size_t octets) : builder_(octets) {}

  YamlDocument finish() && { return std::move(builder_).finish(); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) throw Refused{mark, "a second document begins; keep everything in one"};
    started_ = true;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_extras(mark, "", anchor);
    expect_value(mark);
    builder_.empty(place(mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refused{mark, "aliases (*name) are not allowed; write the value out"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_extras(mark, tag, anchor);
    if (is_key()) {
      Open& top = open_.back();
      if (!top.keys.insert(value).second)
        throw Refused{mark, "'" + value + "' stands here a second time; remove one of the two"};
      top.has_key = true;
    } else {
      expect_value(mark);
    }
    builder_.copied_text(value, place(mark));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_extras(mark, tag, anchor);
    open(YamlKind::sequence, mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_extras(mark, tag, anchor);
    open(YamlKind::mapping, mark);
  }
  void OnMapEnd() override { close(); }

 private:
  // A collection that is being filled.
  struct Open {
    bool mapping = false;
    bool has_key = false;
    std::unordered_set<std::string> keys;
  };

  static YamlBuilder::Mark place(const YAML::Mark& mark) {
    return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
  }

  // "?" and "!" are what the parser reports for plain and quoted values without a tag.
  static void refuse_extras(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) throw Refused{mark, "anchors (&name) are not allowed; write the value out"};
    if (!tag.empty() && tag != "?" && tag != "!") throw Refused{mark, "tags (!name) are not allowed; remove the tag"};
  }

  bool is_key() const { return !open_.empty() && open_.back().mapping && !open_.back().has_key; }

  // What comes is no key.
  void expect_value(const YAML::Mark& mark) {
    if (is_key()) throw Refused{mark, "a key must be a plain text"};
    if (!open_.empty()) open_.back().has_key = false;
  }

  void open(YamlKind kind, const YAML::Mark& mark) {
    if (open_.size() >= kDepthLimit) throw Refused{mark, fmt::format("nested deeper than {} levels", kDepthLimit)};
    expect_value(mark);
    builder_.open(kind, place(mark));
    open_.push_back({kind == YamlKind::mapping, false, {}});
  }

  void close() {
    builder_.close();
    open_.pop_back();
  }

  YamlBuilder builder_;
  std::vector<Open> open_;
  bool started_ = false;
};

Fault complaint(std::string_view code, std::string_view name, const YAML::Mark& mark, std::string_view reason) {
  return {std::string(code), fmt::format("{}:{}:{}: {}", name, mark.line + 1, mark.column + 1, reason)};
}

bool is_plain_safe(std::string_view text) {
  if (text.empty() || text == "null" || text == "Null" || text == "NULL") return false;
  const auto alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  // "http://..." is fine; "a: b" or "a:" would start a mapping.
  if (!alphanumeric(text.front()) || text.back() == ':') return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return alphanumeric(c) || std::string_view("._/@%+=~$-:").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::uint32_t YamlBuilder::add(YamlKind kind, std::string_view text, Mark mark) {
  std::vector<YamlRow>& rows = document_.rows_;
  const auto place = static_cast<std::uint32_t>(rows.size());
  YamlRow row;
  row.text = text;
  row.line = mark.line;
  row.kind = static_cast<std::uint32_t>(kind) & 7;
  row.column = mark.column & 0x1fffffff;
  rows.push_back(row);
  if (!open_.empty()) {
    Open& parent = open_.back();
    (parent.last_child == YamlRow::kNone ? rows[parent.place].first_child : rows[parent.last_child].next) = place;
    parent.last_child = place;
  }
  return place;
}

Result<YamlDocument> parse_yaml(const std::string& text, std::string_view name, std::string_view code) {
  if (auto document = parse_block_yaml(text)) return *std::move(document);
  EventReader reader(text.size());
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(reader)) {
    }
    return std::move(reader).finish();
  } catch (const Refused& refused) {
    return complaint(code, name, refused.mark, refused.reason);
  } catch (const YAML::Exception& error) {
    return complaint(code, name, error.mark, error.msg);
  }
}

std::string yaml_scalar(std::string_view text) {
  if (is_plain_safe(text)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (code < 0x20 || code == 0x7f) {
      quoted += fmt::format("\\x{:02x}", code);
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace causeway
