// SPDX-License-Identifier: MIT
#include <map>
#include <set>
#include <unordered_map>

#include "domain/fault_code.hpp"
#include "evidence/hash_chain.hpp"
#include "evidence/hash_chain_document.hpp"

namespace causeway::evidence {
namespace {

using Kind = ChainValue::Kind;

constexpr std::size_t kMaxStepsInARow = 100;  // a tree of 2^100 messages
constexpr std::size_t kMaxChainFiles = 16;

Fault malformed(std::string text) { return fault(FaultCode::malformed_hash_chain, std::move(text)); }

class Walk {
 public:
  Walk(std::span<const HashChainInput> inputs, const HashChainSources& sources)
      : inputs_(inputs), sources_(sources), used_(inputs.size(), false) {
    for (std::size_t i = 0; i < inputs.size(); ++i) by_uri_.emplace(inputs[i].uri, i);
  }

  Result<void> check(std::string_view text) {
    const auto result = read_hash_chain_result(text);
    if (!result) return result.error();
    const auto list = follow(result->uri, nullptr);
    if (!list) return list.error();
    if (pki::digest(result->algorithm, **list) != result->digest)
      return fault(FaultCode::invalid_hash_chain, "the hash chain leads to another digest than its result");
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      if (!used_[i])
        return fault(FaultCode::hashchain_unused_inputs, "not covered by the hash chain: " + inputs_[i].uri);
    return {};
  }

 private:
  struct Place {
    const ChainDocument* chain;
    const ChainStep* step;
  };

  Result<const ChainDocument*> chain(const std::string& file) {
    if (const auto known = chains_.find(file); known != chains_.end()) return &known->second;
    if (chains_.size() == kMaxChainFiles) return malformed("a hash chain of too many files");
    const auto text = sources_.find(file);
    if (!text) return fault(FaultCode::invalid_reference, "no such file: " + file);
    auto read = read_hash_chain(*text);
    if (!read) return std::move(read).error();
    return &chains_.emplace(file, *std::move(read)).first->second;
  }

  Result<Place> find(std::string_view uri, const ChainDocument* current) {
    const auto bad = [uri] { return malformed("not a reference to a hash step: " + std::string(uri)); };
    const std::size_t mark = uri.find('#');
    if (mark == std::string_view::npos || mark + 1 == uri.size()) return bad();
    if (mark > 0) {
      const auto other = chain(std::string(uri.substr(0, mark)));
      if (!other) return other.error();
      current = *other;
    }
    if (current == nullptr) return bad();
    const auto step = current->steps.find(uri.substr(mark + 1));
    if (step == current->steps.end()) return bad();
    return Place{current, &step->second};
  }

  // The digest list of a step. A step is worked out once, however many refer to it.
  Result<const Bytes*> follow(std::string_view uri, const ChainDocument* current) {
    const auto place = find(uri, current);
    if (!place) return place.error();
    if (const auto done = lists_.find(place->step); done != lists_.end()) return &done->second;
    if (open_.size() == kMaxStepsInARow || !open_.insert(place->step).second)
      return malformed("hash steps that lead in a circle, or too many in a row");
    std::vector<DigestValue> digests;
    digests.reserve(place->step->values.size());
    for (const ChainValue& value : place->step->values) {
      auto digest = value_of(value, place->chain);
      if (!digest) return std::move(digest).error();
      digests.push_back({value.algorithm, *std::move(digest)});
    }
    open_.erase(place->step);
    DigestList list;
    for (const DigestValue& digest : digests) list.add(digest.algorithm, digest.digest);
    const ByteView octets = list.octets();
    return &lists_.emplace(place->step, Bytes(octets.begin(), octets.end())).first->second;
  }

  Result<Bytes> value_of(const ChainValue& value, const ChainDocument* current) {
    if (value.kind == Kind::hash_value) return value.digest;
    if (value.kind == Kind::data_ref) return data_digest(value);
    const auto list = follow(value.uri, current);
    if (!list) return list.error();
    return pki::digest(value.algorithm, **list);
  }

  Result<Bytes> data_digest(const ChainValue& value) {
    if (const auto found = by_uri_.find(value.uri); found != by_uri_.end()) {
      used_[found->second] = true;
      const auto& given = inputs_[found->second].digest;
      if (given && given->algorithm == value.algorithm) return given->digest;
    }
    if (sources_.believe && sources_.believe(value.uri, value.digest)) return value.digest;
    const auto data = sources_.find(value.uri);
    if (!data) return fault(FaultCode::invalid_reference, "cannot be resolved: " + value.uri);
    Bytes digest;
    if (value.transforms.empty()) {
      digest = pki::digest(value.algorithm, as_bytes(*data));
    } else {
      const auto transformed = transform(*data, value.transforms);
      if (!transformed) return fault(FaultCode::invalid_hash_chain_ref, value.uri + ": " + transformed.error().text);
      digest = pki::digest(value.algorithm, as_bytes(*transformed));
    }
    if (digest != value.digest)
      return fault(FaultCode::invalid_hash_chain_ref,
                   "the data differs from its digest in the hash chain: " + value.uri);
    return digest;
  }

  std::span<const HashChainInput> inputs_;
  const HashChainSources& sources_;
  std::vector<bool> used_;
  std::unordered_map<std::string_view, std::size_t> by_uri_;
  std::map<std::string, ChainDocument> chains_;
  std::map<const ChainStep*, Bytes> lists_;
  std::set<const ChainStep*> open_;  // steps on the way from the result to here
};

}  // namespace

Result<void> verify_hash_chain(std::string_view result, std::span<const HashChainInput> inputs,
                               const HashChainSources& sources) {
  return Walk(inputs, sources).check(result);
}

}  // namespace causeway::evidence
