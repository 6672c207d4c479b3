package io.ocicat.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.junit.jupiter.api.Test;

class ApplierTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void whatTheServerAddedIsNoDifference() throws JsonProcessingException {
    JsonNode wanted = json("{'spec':{'ports':[{'port':80}],'a':1}}");
    JsonNode live =
        json("{'spec':{'ports':[{'port':80,'protocol':'TCP'}],'a':1.0,'z':true},'status':{}}");
    assertThat(Applier.patch(wanted, wanted, live)).isEmpty();
  }

  @Test
  void changedAndAddedFieldsAreInThePatch() throws JsonProcessingException {
    JsonNode wanted = json("{'spec':{'a':2,'b':{'c':1}}}");
    JsonNode live = json("{'spec':{'a':1}}");
    assertThat(Applier.patch(MissingNode.getInstance(), wanted, live)).isEqualTo(wanted);
  }

  @Test
  void whatTheLastDocumentHadAndThisOneLacksIsRemoved() throws JsonProcessingException {
    JsonNode last = json("{'spec':{'egress':[{}],'ingress':[]}}");
    JsonNode wanted = json("{'spec':{'ingress':[]}}");
    JsonNode live = json("{'spec':{'egress':[{}],'ingress':[],'byOthers':1}}");
    assertThat(Applier.patch(last, wanted, live)).isEqualTo(json("{'spec':{'egress':null}}"));
  }

  @Test
  void removedFieldThatIsGoneAlreadyIsNotMentioned() throws JsonProcessingException {
    JsonNode last = json("{'spec':{'egress':[{}]}}");
    assertThat(Applier.patch(last, json("{'spec':{}}"), json("{'spec':{}}"))).isEmpty();
  }

  @Test
  void shorterListReplacesTheLongerOne() throws JsonProcessingException {
    JsonNode wanted = json("{'spec':{'ingress':[{'x':1}]}}");
    JsonNode live = json("{'spec':{'ingress':[{'x':1},{'x':2}]}}");
    assertThat(Applier.patch(live, wanted, live)).isEqualTo(wanted);
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return MAPPER.readTree(text.replace('\'', '"'));
  }
}
