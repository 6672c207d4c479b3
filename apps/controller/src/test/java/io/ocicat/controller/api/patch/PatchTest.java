package io.ocicat.controller.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schemas;
import org.junit.jupiter.api.Test;

class PatchTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** JSON with single quotes, for legibility. */
  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static ObjectNode object(String text) {
    return (ObjectNode) json(text);
  }

  private static void merges(String document, String patch, String result) {
    ObjectNode before = object(document);
    assertThat(MergePatch.apply(before, json(patch))).isEqualTo(json(result));
    assertThat(before).isEqualTo(json(document));
  }

  private static void patches(String document, String patch, String result) {
    ObjectNode before = object(document);
    assertThat(JsonPatch.apply(before, json(patch))).isEqualTo(json(result));
    assertThat(before).isEqualTo(json(document));
  }

  private static void refuses(String document, String patch, String message) {
    assertThatThrownBy(() -> JsonPatch.apply(object(document), json(patch)))
        .isInstanceOf(PatchException.class)
        .hasMessageContaining(message);
  }

  /** Of a pod, whose schema has lists of every sort. */
  private static void mergesPod(String document, String patch, String result) {
    ObjectNode before = object(document);
    assertThat(StrategicMergePatch.apply(before, object(patch), Schemas.of(Kinds.POD)))
        .isEqualTo(json(result));
    assertThat(before).isEqualTo(json(document));
  }

  @Test
  void mergePatchFollowsTheExamplesOfItsRfc() {
    merges("{'a':'b'}", "{'a':'c'}", "{'a':'c'}");
    merges("{'a':'b'}", "{'b':'c'}", "{'a':'b','b':'c'}");
    merges("{'a':'b'}", "{'a':null}", "{}");
    merges("{'a':'b','b':'c'}", "{'a':null}", "{'b':'c'}");
    merges("{'a':['b']}", "{'a':'c'}", "{'a':'c'}");
    merges("{'a':'c'}", "{'a':['b']}", "{'a':['b']}");
    merges("{'a':{'b':'c'}}", "{'a':{'b':'d','c':null}}", "{'a':{'b':'d'}}");
    merges("{'a':[{'b':'c'}]}", "{'a':[1]}", "{'a':[1]}");
    merges("{'e':null}", "{'a':1}", "{'e':null,'a':1}");
    merges("{}", "{'a':{'bb':{'ccc':null}}}", "{'a':{'bb':{}}}");
  }

  @Test
  void mergePatchMustBeAnObject() {
    assertThatThrownBy(() -> MergePatch.apply(object("{}"), json("[1]")))
        .isInstanceOfSatisfying(PatchException.class, e -> assertThat(e.malformed()).isTrue());
  }

  @Test
  void jsonPatchFollowsTheExamplesOfItsRfc() {
    patches(
        "{'foo':'bar'}", "[{'op':'add','path':'/baz','value':'qux'}]", "{'foo':'bar','baz':'qux'}");
    patches(
        "{'foo':['bar','baz']}",
        "[{'op':'add','path':'/foo/1','value':'qux'}]",
        "{'foo':['bar','qux','baz']}");
    patches("{'baz':'qux','foo':'bar'}", "[{'op':'remove','path':'/baz'}]", "{'foo':'bar'}");
    patches(
        "{'foo':['bar','qux','baz']}",
        "[{'op':'remove','path':'/foo/1'}]",
        "{'foo':['bar','baz']}");
    patches(
        "{'baz':'qux','foo':'bar'}",
        "[{'op':'replace','path':'/baz','value':'boo'}]",
        "{'foo':'bar','baz':'boo'}");
    patches(
        "{'foo':{'bar':'baz','waldo':'fred'},'qux':{'corge':'grault'}}",
        "[{'op':'move','from':'/foo/waldo','path':'/qux/thud'}]",
        "{'foo':{'bar':'baz'},'qux':{'corge':'grault','thud':'fred'}}");
    patches(
        "{'foo':['all','grass','cows','eat']}",
        "[{'op':'move','from':'/foo/1','path':'/foo/3'}]",
        "{'foo':['all','cows','eat','grass']}");
    patches(
        "{'foo':['bar']}",
        "[{'op':'add','path':'/foo/-','value':['abc','def']}]",
        "{'foo':['bar',['abc','def']]}");
    patches(
        "{'/':9,'~1':10}",
        "[{'op':'test','path':'/~01','value':10},{'op':'copy','from':'/~1','path':'/x'}]",
        "{'/':9,'~1':10,'x':9}");
    patches("{'a':1}", "[{'op':'test','path':'/a','value':1.0}]", "{'a':1}");
  }

  @Test
  void jsonPatchThatDoesNotFitIsRefusedWithItsPlace() {
    refuses("{'baz':'qux'}", "[{'op':'test','path':'/baz','value':'bar'}]", "test failed");
    refuses("{'foo':'bar'}", "[{'op':'add','path':'/baz/bat','value':'qux'}]", "/baz");
    refuses("{'foo':['a']}", "[{'op':'remove','path':'/foo/1'}]", "past the end");
    refuses("{'foo':['a']}", "[{'op':'add','path':'/foo/01','value':1}]", "not an index");
    refuses("{}", "[{'op':'remove','path':'/x'}]", "operation 0");
    refuses("{}", "[{'op':'frob','path':'/x'}]", "unknown op 'frob'");
    refuses("{}", "[{'op':'add','path':'/x'}]", "no value");
    refuses("{}", "[{'op':'add','path':'x','value':1}]", "not a JSON pointer");
    refuses("{'a':{'b':1}}", "[{'op':'move','from':'/a','path':'/a/b'}]", "into itself");
    refuses("{}", "[{'op':'replace','path':'','value':3}]", "stay an object");
    refuses("{}", "{'op':'add'}", "list of operations");
  }

  @Test
  void strategicMergeMergesListsByTheirKey() {
    mergesPod(
        "{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'2'}]}}",
        "{'spec':{'containers':[{'name':'b','image':'3'},{'name':'c','image':'4'}]}}",
        "{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'3'},"
            + "{'name':'c','image':'4'}]}}");
  }

  @Test
  void strategicMergeDeletesAndReplacesByDirective() {
    mergesPod(
        "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}",
        "{'spec':{'containers':[{'name':'a','$patch':'delete'}]}}",
        "{'spec':{'containers':[{'name':'b'}]}}");
    mergesPod(
        "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}",
        "{'spec':{'containers':[{'name':'c'},{'$patch':'replace'}]}}",
        "{'spec':{'containers':[{'name':'c'}]}}");
    mergesPod(
        "{'metadata':{'labels':{'a':'1','b':'2'}}}",
        "{'metadata':{'labels':{'$patch':'replace','c':'3'}}}",
        "{'metadata':{'labels':{'c':'3'}}}");
    mergesPod(
        "{'metadata':{'labels':{'a':'1'}},'spec':{}}",
        "{'metadata':{'labels':{'$patch':'delete'}}}",
        "{'metadata':{},'spec':{}}");
    mergesPod(
        "{'metadata':{'labels':{'a':'1','b':'2'}}}",
        "{'metadata':{'labels':{'a':null}}}",
        "{'metadata':{'labels':{'b':'2'}}}");
    mergesPod(
        "{'metadata':{'labels':{'a':'1','b':'2','c':'3'}}}",
        "{'metadata':{'labels':{'$retainKeys':['a','b'],'a':'4'}}}",
        "{'metadata':{'labels':{'a':'4','b':'2'}}}");
  }

  @Test
  void strategicMergeMergesSetsOfScalars() {
    mergesPod(
        "{'metadata':{'finalizers':['x/a','x/b']}}",
        "{'metadata':{'finalizers':['x/b','x/c']}}",
        "{'metadata':{'finalizers':['x/a','x/b','x/c']}}");
    mergesPod(
        "{'metadata':{'finalizers':['x/a','x/b','x/c']}}",
        "{'metadata':{'$deleteFromPrimitiveList/finalizers':['x/b']}}",
        "{'metadata':{'finalizers':['x/a','x/c']}}");
  }

  @Test
  void strategicMergeKeepsTheOrderAskedForAndTheServersOwnItemsInTheirPlace() {
    mergesPod(
        "{'spec':{'containers':[{'name':'a'},{'name':'server'},{'name':'b'}]}}",
        "{'spec':{'$setElementOrder/containers':[{'name':'c'},{'name':'a'},{'name':'b'}],"
            + "'containers':[{'name':'c'}]}}",
        "{'spec':{'containers':[{'name':'c'},{'name':'a'},{'name':'server'},{'name':'b'}]}}");
  }

  @Test
  void strategicMergeReplacesListsThatAreOneValue() {
    assertThat(
            StrategicMergePatch.apply(
                object("{'spec':{'ingress':[{'ports':[{'port':1}]}],'policyTypes':['Ingress']}}"),
                object("{'spec':{'ingress':[{'ports':[{'port':2}]}]}}"),
                Schemas.of(Kinds.NETWORK_POLICY)))
        .isEqualTo(json("{'spec':{'ingress':[{'ports':[{'port':2}]}],'policyTypes':['Ingress']}}"));
  }

  @Test
  void strategicMergeRefusesWhatMakesNoSense() {
    for (String patch :
        new String[] {
          "{'spec':{'containers':[{'image':'x'}]}}",
          "{'spec':{'containers':['x']}}",
          "{'spec':{'$patch':'frob'}}",
          "{'spec':{'$frob':1}}"
        }) {
      assertThatThrownBy(
              () ->
                  StrategicMergePatch.apply(
                      object("{'spec':{}}"), object(patch), Schemas.of(Kinds.POD)))
          .isInstanceOf(PatchException.class);
    }
  }
}
