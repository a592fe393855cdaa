// SPDX-License-Identifier: MIT
#include "securityserver/configuration/yaml_document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_set>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kDepthLimit = 32;

// Leaves yaml-cpp's parser from inside a callback; never leaves this file.
struct Refused {
  YAML::Mark mark;
  std::string reason;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  YamlNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) throw Refused{mark, "a second document begins; keep everything in one"};
    started_ = true;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_extras(mark, "", anchor);
    add(node(YamlNode::Kind::empty, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refused{mark, "aliases (*name) are not allowed; write the value out"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_extras(mark, tag, anchor);
    YamlNode scalar = node(YamlNode::Kind::text, mark);
    scalar.text = value;
    add(std::move(scalar));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_extras(mark, tag, anchor);
    open(node(YamlNode::Kind::sequence, mark));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_extras(mark, tag, anchor);
    open(node(YamlNode::Kind::mapping, mark));
  }
  void OnMapEnd() override { close(); }

 private:
  // A collection that is being filled.
  struct Open {
    YamlNode node;
    YamlNode key;
    bool has_key = false;
    std::unordered_set<std::string> keys;
  };

  static YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) {
    YamlNode made;
    made.kind = kind;
    made.line = mark.line + 1;
    made.column = mark.column + 1;
    return made;
  }

  // "?" and "!" are what the parser reports for plain and quoted values without a tag.
  static void refuse_extras(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) throw Refused{mark, "anchors (&name) are not allowed; write the value out"};
    if (!tag.empty() && tag != "?" && tag != "!") throw Refused{mark, "tags (!name) are not allowed; remove the tag"};
  }

  void open(YamlNode collection) {
    if (open_.size() >= kDepthLimit)
      throw Refused{mark_of(collection), fmt::format("nested deeper than {} levels", kDepthLimit)};
    Open opened;
    opened.node = std::move(collection);
    open_.push_back(std::move(opened));
  }

  void close() {
    YamlNode done = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(done));
  }

  void add(YamlNode value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& top = open_.back();
    if (top.node.kind == YamlNode::Kind::sequence) {
      top.node.items.push_back(std::move(value));
    } else if (top.has_key) {
      top.node.entries.push_back({std::move(top.key), std::move(value)});
      top.has_key = false;
    } else {
      if (value.kind != YamlNode::Kind::text) throw Refused{mark_of(value), "a key must be a plain text"};
      if (!top.keys.insert(value.text).second)
        throw Refused{mark_of(value), "'" + value.text + "' stands here a second time; remove one of the two"};
      top.key = std::move(value);
      top.has_key = true;
    }
  }

  static YAML::Mark mark_of(const YamlNode& node) {
    YAML::Mark mark;
    mark.line = node.line - 1;
    mark.column = node.column - 1;
    return mark;
  }

  YamlNode root_;
  std::vector<Open> open_;
  bool started_ = false;
};

Fault complaint(std::string_view name, const YAML::Mark& mark, std::string_view reason) {
  return fault(FaultCode::malformed_server_conf,
               fmt::format("{}:{}:{}: {}", name, mark.line + 1, mark.column + 1, reason));
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

Result<YamlNode> parse_yaml(const std::string& text, std::string_view name) {
  TreeBuilder builder;
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take_root();
  } catch (const Refused& refused) {
    return complaint(name, refused.mark, refused.reason);
  } catch (const YAML::Exception& error) {
    return complaint(name, error.mark, error.msg);
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

}  // namespace causeway::securityserver
