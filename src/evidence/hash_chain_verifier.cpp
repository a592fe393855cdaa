// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <map>

#include "domain/fault_code.hpp"
#include "evidence/hash_chain.hpp"
#include "evidence/hash_chain_document.hpp"

namespace causeway::evidence {
namespace {

using Kind = ChainValue::Kind;

constexpr std::size_t kMaxStepsInARow = 100;  // a tree of 2^100 messages
constexpr std::size_t kMaxChainFiles = 16;

Fault malformed(std::string text) { return fault(FaultCode::malformed_hash_chain, std::move(text)); }

// The inputs by URI, and which of them were reached.
class Inputs {
 public:
  explicit Inputs(std::span<const HashChainInput> inputs) {
    entries_.reserve(inputs.size());
    for (const HashChainInput& input : inputs) entries_.push_back({&input});
    std::ranges::sort(entries_, [](const Entry& a, const Entry& b) {
      return a.uri() != b.uri() ? a.uri() < b.uri() : a.input < b.input;
    });
  }

  // nullptr when there is none; one that is found counts as reached.
  const HashChainInput* reach(std::string_view uri) {
    const auto found = std::ranges::lower_bound(entries_, uri, {}, &Entry::uri);
    if (found == entries_.end() || found->uri() != uri) return nullptr;
    found->reached = true;
    return found->input;
  }

  // The first that was not reached, or nullptr.
  const HashChainInput* missed() const {
    const HashChainInput* first = nullptr;
    for (const Entry& entry : entries_)
      if (!entry.reached && (first == nullptr || entry.input < first)) first = entry.input;
    return first;
  }

 private:
  struct Entry {
    std::string_view uri() const { return input->uri; }
    const HashChainInput* input;
    bool reached = false;
  };
  std::vector<Entry> entries_;
};

class Walk {
 public:
  Walk(std::span<const HashChainInput> inputs, const HashChainSources& sources) : inputs_(inputs), sources_(sources) {}

  Result<void> check(std::string_view text) {
    const auto result = read_hash_chain_result(text);
    if (!result) return result.error();
    const auto digest = follow(result->uri, nullptr, result->algorithm);
    if (!digest) return digest.error();
    if (!std::ranges::equal(*digest, result->digest))
      return fault(FaultCode::invalid_hash_chain, "the hash chain leads to another digest than its result");
    if (const HashChainInput* missed = inputs_.missed())
      return fault(FaultCode::hashchain_unused_inputs, "not covered by the hash chain: " + missed->uri);
    return {};
  }

 private:
  // What is known of a step. A step is worked out once, however many refer to it, and its
  // list hashed once for each algorithm. `digest` is the one by the algorithm asked for first.
  struct Progress {
    enum class State : std::uint8_t { untouched, open, done } state = State::untouched;
    pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;
    std::array<std::uint8_t, pki::kMaxDigestSize> digest;
  };

  struct File {
    File(std::string_view file_name, ChainDocument document)
        : name(file_name), chain(std::move(document)), steps(chain.steps.size()), digests(chain.values.size()) {}

    std::string_view name;
    ChainDocument chain;
    std::vector<Progress> steps;
    std::vector<ByteView> digests;  // of the values, as far as their steps were worked out
  };

  struct Place {
    File* file;
    const ChainStep* step;
    Progress* progress;
  };

  Result<File*> file(std::string_view name) {
    for (std::size_t i = 0; i < file_count_; ++i)
      if (files_[i]->name == name) return &*files_[i];
    if (file_count_ == kMaxChainFiles) return malformed("a hash chain of too many files");
    const auto text = sources_.find(name);
    if (!text) return fault(FaultCode::invalid_reference, "no such file: " + std::string(name));
    auto chain = read_hash_chain(*text);
    if (!chain) return std::move(chain).error();
    return &files_[file_count_++].emplace(name, *std::move(chain));
  }

  Result<Place> find(std::string_view uri, File* current) {
    const auto bad = [uri] { return malformed("not a reference to a hash step: " + std::string(uri)); };
    const std::size_t mark = uri.find('#');
    if (mark == std::string_view::npos || mark + 1 == uri.size()) return bad();
    if (mark > 0) {
      const auto other = file(uri.substr(0, mark));
      if (!other) return other.error();
      current = *other;
    }
    if (current == nullptr) return bad();
    const ChainStep* step = current->chain.step(uri.substr(mark + 1));
    if (step == nullptr) return bad();
    return Place{current, step, &current->steps[static_cast<std::size_t>(step - current->chain.steps.data())]};
  }

  // The digest of the list of the step that `uri` refers to from the file `current`.
  Result<ByteView> follow(std::string_view uri, File* current, pki::DigestAlgorithm algorithm) {
    const auto place = find(uri, current);
    if (!place) return place.error();
    Progress& progress = *place->progress;
    if (progress.state != Progress::State::done) {
      if (auto ok = work_out(*place); !ok) return std::move(ok).error();
      progress.algorithm = algorithm;
      hash_list(*place, algorithm, progress.digest.data());
    }
    if (progress.algorithm == algorithm) return ByteView(progress.digest).first(pki::digest_size(algorithm));
    return digest_by_another(*place, algorithm);
  }

  // The digests of all values of the step.
  Result<void> work_out(const Place& place) {
    Progress& progress = *place.progress;
    if (steps_in_a_row_ == kMaxStepsInARow || progress.state == Progress::State::open)
      return malformed("hash steps that lead in a circle, or too many in a row");
    progress.state = Progress::State::open;
    ++steps_in_a_row_;
    File& file = *place.file;
    const std::size_t end = place.step->first_value + place.step->value_count;
    for (std::size_t i = place.step->first_value; i < end; ++i) {
      const auto digest = value_digest(file.chain.values[i], file);
      if (!digest) return digest.error();
      file.digests[i] = *digest;
    }
    --steps_in_a_row_;
    progress.state = Progress::State::done;
    return {};
  }

  void hash_list(const Place& place, pki::DigestAlgorithm algorithm, std::uint8_t* out) {
    const File& file = *place.file;
    const std::size_t end = place.step->first_value + place.step->value_count;
    list_.clear();
    for (std::size_t i = place.step->first_value; i < end; ++i)
      list_.add(file.chain.values[i].algorithm, file.digests[i]);
    pki::digest_into(algorithm, list_.octets(), out);
  }

  ByteView digest_by_another(const Place& place, pki::DigestAlgorithm algorithm) {
    const auto [at, is_new] = others_.try_emplace({place.progress, algorithm});
    if (is_new) {
      at->second.resize(pki::digest_size(algorithm));
      hash_list(place, algorithm, at->second.data());
    }
    return at->second;
  }

  // These give views of the inputs, of the file or of what is known of its steps.
  Result<ByteView> value_digest(const ChainValue& value, File& current) {
    if (value.kind == Kind::hash_value) return ByteView(value.digest);
    if (value.kind == Kind::data_ref) return data_digest(value);
    return follow(value.uri, &current, value.algorithm);
  }

  Result<ByteView> data_digest(const ChainValue& value) {
    const HashChainInput* input = inputs_.reach(value.uri);
    if (input != nullptr && input->digest && input->digest->algorithm == value.algorithm)
      return ByteView(input->digest->digest);
    if (sources_.believe && sources_.believe(value.uri, value.digest)) return ByteView(value.digest);
    const auto data = sources_.find(value.uri);
    if (!data) return fault(FaultCode::invalid_reference, "cannot be resolved: " + std::string(value.uri));
    if (auto ok = check_data(value, *data); !ok) return std::move(ok).error();
    return ByteView(value.digest);
  }

  static Result<void> check_data(const ChainValue& value, std::string_view data) {
    std::string transformed;
    if (!value.transforms.empty()) {
      auto done = transform(data, value.transforms);
      if (!done) return fault(FaultCode::invalid_hash_chain_ref, std::string(value.uri) + ": " + done.error().text);
      transformed = *std::move(done);
      data = transformed;
    }
    if (pki::digest(value.algorithm, as_bytes(data)) != value.digest)
      return fault(FaultCode::invalid_hash_chain_ref,
                   "the data differs from its digest in the hash chain: " + std::string(value.uri));
    return {};
  }

  Inputs inputs_;
  const HashChainSources& sources_;
  std::array<std::optional<File>, kMaxChainFiles> files_;
  std::size_t file_count_ = 0;
  std::size_t steps_in_a_row_ = 0;
  DigestList list_;  // the one being hashed
  std::map<std::pair<const Progress*, pki::DigestAlgorithm>, Bytes> others_;
};

}  // namespace

Result<void> verify_hash_chain(std::string_view result, std::span<const HashChainInput> inputs,
                               const HashChainSources& sources) {
  return Walk(inputs, sources).check(result);
}

}  // namespace causeway::evidence
