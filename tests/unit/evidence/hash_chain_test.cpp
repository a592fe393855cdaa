// SPDX-License-Identifier: MIT
#include "evidence/hash_chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "evidence/hash_chain_document.hpp"

namespace causeway::evidence {
namespace {

using pki::DigestAlgorithm;
using testing::HasSubstr;

Bytes hash(std::string_view text, DigestAlgorithm algorithm = DigestAlgorithm::sha512) {
  return pki::digest(algorithm, as_bytes(text));
}

// A message of `count` parts.
MessageParts message(const std::string& seed, std::size_t count = 1) {
  MessageParts parts{{"/message.xml", hash(seed)}};
  for (std::size_t i = 1; i < count; ++i)
    parts.push_back({"/attachment" + std::to_string(i), hash(seed + std::to_string(i))});
  return parts;
}

std::vector<HashChainInput> inputs_of(const MessageParts& parts) {
  std::vector<HashChainInput> inputs;
  for (const auto& part : parts) inputs.push_back({part.name, DigestValue{DigestAlgorithm::sha512, part.digest}});
  return inputs;
}

using Files = std::map<std::string, std::string, std::less<>>;

HashChainSources sources(const Files& files) {
  return {.find = [&files](std::string_view uri) -> std::optional<std::string_view> {
    const auto found = files.find(uri);
    if (found == files.end()) return std::nullopt;
    return found->second;
  }};
}

std::string code(const Result<void>& result) { return result ? "" : result.error().code; }

std::string verify(const std::string& result, const std::string& chain, const MessageParts& parts) {
  const Files files{{"/sig-hashchain.xml", chain}};
  return code(verify_hash_chain(result, inputs_of(parts), sources(files)));
}

constexpr std::string_view kChainHead =
    R"(<HashChain xmlns="http://cyber.ee/hashchain" xmlns:d="http://www.w3.org/2000/09/xmldsig#">)"
    R"(<DefaultDigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/>)";

std::string chain_of(const std::string& steps) { return std::string(kChainHead) + steps + "</HashChain>"; }

std::string result_of(ByteView digest, const std::string& uri = "/sig-hashchain.xml#STEP0") {
  return R"(<HashChainResult xmlns="http://cyber.ee/hashchain" xmlns:d="http://www.w3.org/2000/09/xmldsig#" URI=")" +
         uri + R"("><d:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/><d:DigestValue>)" +
         to_base64(digest) + "</d:DigestValue></HashChainResult>";
}

TEST(HashChain, TopOfTheWorkedExamples) {
  const auto sha256 = DigestAlgorithm::sha256;
  std::vector<MessageParts> messages;
  for (const char* text : {"one", "two", "three"}) messages.push_back({{"/message.xml", hash(text, sha256)}});
  EXPECT_EQ(to_base64(build_hash_chains(messages, kSigHashChainFile, sha256).top),
            "4qWUaAd7VQz9oNEJ6XP93YjtFPLBy1CDQQX3cNd3OsQ=");
  messages.push_back({{"/message.xml", hash("four", sha256)}});
  EXPECT_EQ(to_base64(build_hash_chains(messages, kSigHashChainFile, sha256).top),
            "D7oIIfhfp4ToT729xyx991PvstI5XvpW+d7oeWvXw8E=");
  const std::vector<MessageParts> multipart{
      {{"/message.xml", {0x0b}}, {"/attachment1", {0x0c}}, {"/attachment2", {0x0d}}, {"/attachment3", {0x0e}}}};
  EXPECT_EQ(to_base64(build_hash_chains(multipart, kSigHashChainFile, sha256).top),
            "v3CBVgjKmzZT5hnJ6vj6waqBazZe334tdEoNiL2oM5E=");
}

// evidence.md 2.5: chains 1 to 3.
TEST(HashChain, ShapeOfTheWorkedExample) {
  const std::vector<MessageParts> messages{message("one"), message("two"), message("three")};
  const HashChains built = build_hash_chains(messages);
  using Kind = ChainValue::Kind;
  const auto kinds = [&](std::size_t chain, const std::string& step) {
    std::vector<Kind> out;
    const auto read = read_hash_chain(built.chains[chain]);
    if (!read || read->step(step) == nullptr) return out;
    for (const ChainValue& value : read->values_of(*read->step(step))) out.push_back(value.kind);
    return out;
  };
  EXPECT_EQ(kinds(0, "STEP0"), (std::vector{Kind::step_ref, Kind::hash_value}));
  EXPECT_EQ(kinds(0, "STEP1"), (std::vector{Kind::data_ref, Kind::hash_value}));
  EXPECT_EQ(kinds(1, "STEP0"), (std::vector{Kind::step_ref, Kind::hash_value}));
  EXPECT_EQ(kinds(1, "STEP1"), (std::vector{Kind::hash_value, Kind::data_ref}));
  EXPECT_EQ(kinds(2, "STEP0"), (std::vector{Kind::hash_value, Kind::data_ref}));
  EXPECT_EQ(kinds(2, "STEP1"), std::vector<Kind>{});
}

TEST(HashChain, OfOneMultipartMessageIsOneStep) {
  const std::vector<MessageParts> messages{message("m", 3)};
  const HashChains built = build_hash_chains(messages);
  const auto chain = read_hash_chain(built.chains.front());
  ASSERT_TRUE(chain);
  ASSERT_EQ(chain->steps.size(), 1U);
  EXPECT_EQ(chain->steps.front().id, "STEP0");
  EXPECT_EQ(chain->values_of(chain->steps.front()).size(), 3U);
}

// messages.md 4.10
TEST(HashChain, ResultOfARestPost) {
  const Bytes head =
      *from_base64("lD7PW2WHJ/jUKEqQ82+V/LendEX1BhKiqLXlr+oaDG3hgUbjXfkeWNRL0BawumB1DwkcH5IgCHa8lbvUz5JG6g==");
  const std::vector<MessageParts> messages{{{"/message.xml", head}, {"/attachment1", hash("{\"name\":\"Rex\"}")}}};
  const HashChains built = build_hash_chains(messages);
  const auto result = read_hash_chain_result(built.result);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->uri, "/sig-hashchain.xml#STEP0");
  EXPECT_EQ(to_base64(result->digest),
            "x2in2LeDN7gZY7BQPkVtxYAWXKhKokEGjkgdaKNamZIHkBaqEuHhI9fNqhBzZi5ULqrTXWOPbPiahip8vxY3VQ==");
}

TEST(HashChain, EveryMessageOfABatchVerifies) {
  for (std::size_t count : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 31U, 64U, 65U, 100U}) {
    std::vector<MessageParts> messages;
    for (std::size_t i = 0; i < count; ++i) messages.push_back(message("m" + std::to_string(i), i % 3 + 1));
    const HashChains built = build_hash_chains(messages);
    ASSERT_EQ(built.chains.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(verify(built.result, built.chains[i], messages[i]), "") << i << " of " << count;
      if (count > 1)
        EXPECT_NE(verify(built.result, built.chains[i], messages[(i + 1) % count]), "") << i << " of " << count;
    }
  }
}

TEST(HashTree, MakesTheSameChainsAsABatch) {
  for (std::size_t count : {1U, 2U, 3U, 7U, 10U}) {
    std::vector<MessageParts> parts;
    std::vector<Bytes> leaves;
    for (std::size_t i = 0; i < count; ++i) {
      leaves.push_back(pki::digest(pki::DigestAlgorithm::sha256, as_bytes(std::to_string(i))));
      parts.push_back({{std::string(kSignatureFile), leaves.back()}});
    }
    const HashChains batch = build_hash_chains(parts, kTsHashChainFile, pki::DigestAlgorithm::sha256);
    const HashTree tree(leaves, kSignatureFile, kTsHashChainFile, pki::DigestAlgorithm::sha256);
    EXPECT_EQ(tree.result(), batch.result);
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(tree.chain(i), batch.chains[i]);
  }
}

TEST(HashChain, RefusesAnotherPart) {
  const std::vector<MessageParts> messages{message("m", 2), message("n")};
  const HashChains built = build_hash_chains(messages);
  MessageParts changed = messages[0];
  changed[1].digest = hash("other");
  EXPECT_EQ(verify(built.result, built.chains[0], changed), "invalid_hash_chain");
  MessageParts more = messages[0];
  more.push_back({"/attachment2", hash("added")});
  EXPECT_EQ(verify(built.result, built.chains[0], more), "hashchain_unused_inputs");
  // A part that did not arrive, though the chain names it.
  EXPECT_EQ(verify(built.result, built.chains[0], {messages[0].front()}), "invalid_reference");
}

TEST(HashChain, BelievesWhatItIsToldTo) {
  const std::vector<MessageParts> messages{message("m", 2)};
  const HashChains built = build_hash_chains(messages);
  const Files files{{"/sig-hashchain.xml", built.chains[0]}, {"/message.xml", "m"}};
  HashChainSources from = sources(files);
  std::vector<std::string> believed;
  from.believe = [&](std::string_view uri, ByteView digest) {
    if (!uri.starts_with("/attachment")) return false;
    believed.push_back(std::string(uri) + to_base64(digest));
    return true;
  };
  const std::vector<HashChainInput> message_only{{"/message.xml", std::nullopt}};
  EXPECT_EQ(code(verify_hash_chain(built.result, message_only, from)), "");
  EXPECT_EQ(believed, std::vector<std::string>{"/attachment1" + to_base64(hash("m1"))});
  const Files changed{{"/sig-hashchain.xml", built.chains[0]}, {"/message.xml", "n"}};
  from.find = sources(changed).find;
  EXPECT_EQ(code(verify_hash_chain(built.result, message_only, from)), "invalid_hash_chain_ref");
}

TEST(HashChain, AnInputOfAnotherAlgorithmIsFetched) {
  const std::vector<MessageParts> messages{message("m")};
  const HashChains built = build_hash_chains(messages);
  const std::vector<HashChainInput> inputs{
      {"/message.xml", DigestValue{DigestAlgorithm::sha256, hash("m", DigestAlgorithm::sha256)}}};
  Files files{{"/sig-hashchain.xml", built.chains[0]}};
  EXPECT_EQ(code(verify_hash_chain(built.result, inputs, sources(files))), "invalid_reference");
  files["/message.xml"] = "m";
  EXPECT_EQ(code(verify_hash_chain(built.result, inputs, sources(files))), "");
}

TEST(HashChain, AppliesCanonicalTransformsToData) {
  const std::string data = "<foo>\n <!-- gone --> <bar  a='1'/></foo>";
  const std::string digest = to_base64(hash("<foo>\n  <bar a=\"1\"></bar></foo>"));
  const auto chain_with = [&](const std::string& algorithm) {
    return chain_of("<HashStep id='STEP0'><DataRef URI='/message.xml'><d:Transforms><d:Transform Algorithm='" +
                    algorithm + "'/></d:Transforms><d:DigestValue>" + digest + "</d:DigestValue></DataRef></HashStep>");
  };
  const std::string result =
      result_of(step_digest(DigestAlgorithm::sha512, {hash("<foo>\n  <bar a=\"1\"></bar></foo>")}));
  Files files{{"/message.xml", data}};
  const auto verify_with = [&](const std::string& algorithm) {
    files["/sig-hashchain.xml"] = chain_with(algorithm);
    return code(verify_hash_chain(result, std::vector<HashChainInput>{{"/message.xml", {}}}, sources(files)));
  };
  EXPECT_EQ(verify_with("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"), "");
  EXPECT_EQ(verify_with("http://www.w3.org/2001/10/xml-exc-c14n#"), "");
  EXPECT_EQ(verify_with("http://www.w3.org/2001/10/xml-exc-c14n#WithComments"), "invalid_hash_chain_ref");
  EXPECT_EQ(verify_with("http://www.w3.org/TR/1999/REC-xslt-19991116"), "malformed_hash_chain");
  files["/message.xml"] = "not xml";
  EXPECT_EQ(verify_with("http://www.w3.org/2001/10/xml-exc-c14n#"), "invalid_hash_chain_ref");
}

TEST(HashChain, RefusesCircles) {
  const std::string result = result_of(hash(""));
  for (const char* steps : {"<HashStep id='STEP0'><StepRef URI='#STEP0'/></HashStep>",
                            "<HashStep id='STEP0'><StepRef URI='#S1'/></HashStep>"
                            "<HashStep id='S1'><StepRef URI='/sig-hashchain.xml#STEP0'/></HashStep>"})
    EXPECT_EQ(verify(result, chain_of(steps), message("m")), "malformed_hash_chain") << steps;
}

TEST(HashChain, RefusesTooManyStepsInARow) {
  std::string steps;
  for (int i = 0; i < 200; ++i)
    steps +=
        "<HashStep id='STEP" + std::to_string(i) + "'><StepRef URI='#STEP" + std::to_string(i + 1) + "'/></HashStep>";
  steps += "<HashStep id='STEP200'/>";
  EXPECT_EQ(verify(result_of(hash("")), chain_of(steps), message("m")), "malformed_hash_chain");
}

// Each step refers to the next twice: 2^80 ways, but only 80 steps.
TEST(HashChain, WorksOutAStepOnce) {
  std::string steps;
  for (int i = 0; i < 80; ++i) {
    const std::string next = "<StepRef URI='#STEP" + std::to_string(i + 1) + "'/>";
    steps += "<HashStep id='STEP" + std::to_string(i) + "'>" + next + next + "</HashStep>";
  }
  steps += "<HashStep id='STEP80'/>";
  EXPECT_EQ(verify(result_of(hash("")), chain_of(steps), message("m")), "invalid_hash_chain");
}

// Every step once for each algorithm: 16,000 references to a list of 400 KiB.
TEST(HashChain, HashesAStepOnceForAnAlgorithm) {
  std::string list, references;
  for (int i = 0; i < 8000; ++i) list += "<HashValue><d:DigestValue>AA==</d:DigestValue></HashValue>";
  for (int i = 0; i < 8000; ++i)
    references +=
        "<StepRef URI='#b'/>"
        "<StepRef URI='#b'><d:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/></StepRef>";
  const std::string chain =
      chain_of("<HashStep id='STEP0'>" + references + "</HashStep><HashStep id='b'>" + list + "</HashStep>");
  DigestList below, top;
  for (int i = 0; i < 8000; ++i) below.add(DigestAlgorithm::sha512, Bytes{0});
  const Bytes sha512 = pki::digest(DigestAlgorithm::sha512, below.octets());
  const Bytes sha256 = pki::digest(DigestAlgorithm::sha256, below.octets());
  for (int i = 0; i < 8000; ++i) {
    top.add(DigestAlgorithm::sha512, sha512);
    top.add(DigestAlgorithm::sha256, sha256);
  }
  const Bytes digest = pki::digest(DigestAlgorithm::sha512, top.octets());
  EXPECT_EQ(verify(result_of(digest), chain, {}), "");
}

// Some thousand steps in the order of a file's writer, which is none that sorting makes.
TEST(HashChain, FindsEachOfManySteps) {
  std::string references, steps;
  DigestList top;
  for (int i = 0; i < 5000; ++i) {
    const std::string id = "STEP" + std::to_string(i + 1);
    const Bytes digest = hash(id);
    references += "<StepRef URI='#" + id + "'/>";
    steps += "<HashStep id='" + id + "'><HashValue><d:DigestValue>" + to_base64(digest) +
             "</d:DigestValue></HashValue></HashStep>";
    top.add(DigestAlgorithm::sha512, step_digest(DigestAlgorithm::sha512, {digest}));
  }
  const std::string chain = chain_of("<HashStep id='STEP0'>" + references + "</HashStep>" + steps);
  const Bytes digest = pki::digest(DigestAlgorithm::sha512, top.octets());
  EXPECT_EQ(verify(result_of(digest), chain, {}), "");
  EXPECT_EQ(verify(result_of(digest), chain_of(steps + steps), {}), "malformed_hash_chain");
}

// Read by the general parser, which hands out texts of its own.
TEST(HashChain, OfADocumentThatIsNotPlainVerifies) {
  std::vector<MessageParts> messages;
  for (std::size_t i = 0; i < 5; ++i) messages.push_back(message("m" + std::to_string(i), i % 3 + 1));
  const HashChains built = build_hash_chains(messages);
  const auto with_comment = [](std::string text) { return text.insert(text.rfind("</"), "<!-- & -->"); };
  for (std::size_t i = 0; i < messages.size(); ++i)
    EXPECT_EQ(verify(with_comment(built.result), with_comment(built.chains[i]), messages[i]), "");
}

TEST(HashChain, OfManyPartsNamesOneThatIsNotCovered) {
  const MessageParts all = message("m", 200);
  const std::vector<MessageParts> messages{all};
  const HashChains built = build_hash_chains(messages);
  EXPECT_EQ(verify(built.result, built.chains[0], all), "");
  const Files files{{"/sig-hashchain.xml", built.chains[0]}};
  MessageParts more = all;
  more.insert(more.begin() + 100, {"/other", hash("other")});
  more.push_back({"/another", hash("another")});
  const auto refused = verify_hash_chain(built.result, inputs_of(more), sources(files));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "hashchain_unused_inputs");
  EXPECT_THAT(refused.error().text, HasSubstr(": /other"));
  // The same part twice is one too many.
  more = all;
  more.push_back(all.front());
  EXPECT_EQ(verify(built.result, built.chains[0], more), "hashchain_unused_inputs");
}

TEST(HashChain, RefusesReferencesThatLeadNowhere) {
  const std::string chain = chain_of("<HashStep id='STEP0'/>");
  for (const char* uri : {"/sig-hashchain.xml", "/sig-hashchain.xml#", "#STEP0", "/sig-hashchain.xml#STEP1"})
    EXPECT_EQ(verify(result_of(hash(""), uri), chain, message("m")), "malformed_hash_chain") << uri;
  EXPECT_EQ(verify(result_of(hash(""), "/other.xml#STEP0"), chain, message("m")), "invalid_reference");
}

TEST(HashChain, ReadsWhatTheSchemaAllows) {
  EXPECT_TRUE(read_hash_chain("<HashChain xmlns='http://cyber.ee/hashchain'/>"));
  const auto nameless = chain_of("<HashStep/><HashStep id='a'/><HashStep/>");
  EXPECT_TRUE(read_hash_chain(nameless));
  EXPECT_TRUE(read_hash_chain(
      chain_of("<HashStep id='a'><HashValue><d:DigestMethod Algorithm='http://www.w3.org/2000/09/xmldsig#sha1'/>"
               "<d:DigestValue> AA ==\n</d:DigestValue></HashValue></HashStep>")));
}

TEST(HashChain, RefusesWhatTheSchemaDoesNotAllow) {
  const std::string value = "<d:DigestValue>AA==</d:DigestValue>";
  for (const std::string& steps : std::vector<std::string>{
           "text", "<Other/>", "<d:HashStep/>", "<HashStep id='a'/><HashStep id='a'/>", "<HashStep name='a'/>",
           "<HashStep id='a'>text</HashStep>", "<HashStep id='a'><HashValue/></HashStep>",
           "<HashStep id='a'><HashValue>" + value + "<Foo/></HashValue></HashStep>",
           "<HashStep id='a'><HashValue>" + value + value + "</HashValue></HashStep>",
           "<HashStep id='a'><HashValue URI='x'>" + value + "</HashValue></HashStep>",
           "<HashStep id='a'><DataRef>" + value + "</DataRef></HashStep>",
           "<HashStep id='a'><StepRef URI='#a'>" + value + "</StepRef></HashStep>",
           "<HashStep id='a'><StepRef/></HashStep>",
           "<HashStep id='a'><HashValue><d:DigestValue>!</d:DigestValue></HashValue></HashStep>",
           "<HashStep id='a'><HashValue><d:DigestMethod Algorithm='md5'/>" + value + "</HashValue></HashStep>",
           "<DefaultDigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha512'/>"}) {
    const auto chain = read_hash_chain(chain_of(steps));
    ASSERT_FALSE(chain) << steps;
    EXPECT_EQ(chain.error().code, "malformed_hash_chain") << steps;
  }
  EXPECT_EQ(read_hash_chain("<HashChain").error().code, "malformed_hash_chain");
  EXPECT_EQ(read_hash_chain("<HashChain xmlns='http://cyber.ee/hashchain'><HashStep><HashValue><DigestValue "
                            "xmlns='http://www.w3.org/2000/09/xmldsig#'>AA==</DigestValue></HashValue></HashStep>"
                            "</HashChain>")
                .error()
                .code,
            "malformed_hash_chain");
  EXPECT_EQ(read_hash_chain_result(chain_of("")).error().code, "malformed_hash_chain");
}

TEST(HashChain, EscapesNames) {
  const std::vector<MessageParts> messages{{{"/a\"<&>", hash("x")}, {"/b", hash("y")}}};
  const HashChains built = build_hash_chains(messages);
  EXPECT_THAT(built.chains[0], HasSubstr("URI=\"/a&quot;&lt;&amp;>\""));
  EXPECT_EQ(verify(built.result, built.chains[0], messages[0]), "");
}

}  // namespace
}  // namespace causeway::evidence
