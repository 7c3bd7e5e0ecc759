//! HTML as a row of texts and tags, however broken it is.
#pragma once

#include <string>
#include <string_view>

namespace persona::http {

struct HtmlPart {
  enum class Kind { text, opens, closes, end } kind = Kind::end;
  std::string_view text = {};  //!< as it stands, entities and all
  std::string name = {};       //!< of a tag, in lower case
  bool hidden = false;         //!< a tag whose element a browser does not show
  bool is_empty = false;       //!< a tag whose element has no end: <br>, <svg/>
};

//! Comments, declarations and what stands inside <script>, <style> and their like are left out.
class HtmlReader {
 public:
  explicit HtmlReader(std::string_view html) : rest_(html) {}
  HtmlPart next();

 private:
  bool skip_unseen();
  HtmlPart read_tag();
  void read_attributes(HtmlPart& part);
  std::string_view read_value();

  std::string_view rest_;
};

//! "&amp;", "&#x41;" to what they stand for.
std::string decode_entities(std::string_view text);

void append_utf8(std::string& text, char32_t letter);

}  // namespace persona::http
