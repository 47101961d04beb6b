package cordis

import (
	"regexp"
	"strings"

	"github.com/maillage/maillage/internal/text"
)

// Natural persons among the "companies" of CORDIS (sole traders, self-employed
// experts) become neither nodes nor participations. They are known by a list
// and by a rule.
//
// The list holds their keys and not their names, so that the project does not
// publish what it leaves out. It was made by reading all names of the files of
// 2016 and 2017 that consist of two to five words, none of them a legal form or
// a common word. It also serves the files of 2021, which have no names.
//
// The rule serves files that nobody has read yet: an organisation that is a
// company or of unknown type, whose name is two to four words of letters, among
// them a given name and no word that firms have in their names.

// naturalPerson reports whether an organisation is a natural person.
func naturalPerson(key, name string, company bool) bool {
	if notPersons[key] {
		return false
	}
	return personKeys[key] || company && personalName(name)
}

// personalName applies the rule to a name.
func personalName(name string) bool {
	name = strings.ReplaceAll(text.Fold(name), ",", " ")
	words := strings.Fields(name)
	if len(words) < 2 || len(words) > 4 || !letters.MatchString(name) {
		return false
	}
	given := false
	for _, w := range words {
		if firmWords[w] {
			return false
		}
		given = given || givenNames[w]
	}
	return given
}

var (
	letters = regexp.MustCompile(`^[a-z -]+$`)

	personKeys = set(`
		918184153 918660035 919482013 919612769 919924042 919968856 920373249 920374995 920601684 921207255
		922181523 923852154 924142087 924301167 925532679 925846280 925911270 926058613 926148241 926272692
		926768071 926963623 927192252 927456480 927699465 928257894 928383703 928468869 928533762 928749781
		929053585 929111203 929167269 929423834 929531795 929557015 930945182 931608759 931975516 932056317
		932819222 932944934 933616562 933840923 934398091 935929430 936009164 936278533 936476122 936954817
		937023105 937406837 937532161 937583377 937592980 937611313 937669707 937860118 937974384 938030935
		938626030 938752033 938881140 939032945 939132564 940274836 940778072 941188382 941841192 941953421
		941974082 942487891 942540659 942943500 943204236 943480880 943503578 943565561 944492881 944753520
		945718961 946195813 946653168 947187250 948123106 948896875 949246463 949364124 949386143 949413982
		949422906 950482631 950544808 950860155 950929607 951054640 951130203 951467278 951547885 951633051
		951705025 951830737 951931617 952062664 952640687 954558280 954797385 955040467 955187616 955758461
		957934462 959220488 965144472 965789910 971991896 973290047 984174126 986308320 986377966 986900020
		987658075 989636002 989958042 995981645 996604579 997741128 997950648 998764090 999534658
		02e1161fabb768d64e76ee70bf6eb71e 07439b7987657ff293da6053327e39e4 25a69f1d6bc7cb0bac98752959a55b82
		285f2f4043112370cf915a5ef5c37da3 46d5c304580b4952827c6dd5e291ff3b 48cdfbeef38bd70474bc2e73d763675e
		4c79143fe103134d330a78346f5b87d8 5203d1b89641f7905f6c296fc17e3c67 5e1d6ea201a0722f80f398e667786ee5
		6994b9d3e057596f3ab7f620def8d324 8592b13c722767363ee98742c233f960 ad374faa4ffb801dffee1ae5294c5fa2
		aee57e2d135ca17c8a558dccb82491fb ba34fc7383e1709d59e20480ff7a8c02 c234e270c99a7785e778965ce126d6b4
		ce2ef3a96f4ad2110a9fe1cb328c64b2 cf242eda2523177d84b8cef0eba3d9c8 dc22233092bdd47e72e057643167c526
		efadd0461960018c1ecb28cc39813593`)

	// notPersons are firms and places that bear a given name.
	notPersons = set(`938196902 938646885 998328560 b23cf4299f913b4c6237d34a74ae81a7 be0598ff347ee25dcecd6e00e4d617d3`)

	// givenNames are common given names of Europe, folded.
	givenNames = set(`
		adam adrian adriaan agnieszka ahmet alain alan alberto alessandro alexander alexandru ali andrea andreas
		andrei andrew andrzej angelo anna anne annemarie anthony antonio antonis armin arnaud aurelia barbara
		bartlomiej bastiaan benjamin bernard bernhard bogdan brian carlos caroline casper catherine christian christiaan
		christine christophe christos claire claude claudio claus colin cornelis cristian damian daniel dariusz david denis
		dieter dimitrios dino dominique eduard elena elizabeth elsa erik ernst fabrice fernando florian francesco francois franz
		gabriele gary geoffrey georgios gerhard gheorghe gianni giorgio giovanni giulia giuseppe grace graham gregory grigorios grzegorz
		gunther gustavo hakan hans hasan heinz heleen helene helen helmut hendrik henrik herbert hermina holger huseyin ioannis isabel
		isabelle istvan ivana jacek jacques jakob james jane janos javier jean jeffrey jens jerzy jill jiri joachim
		johan johanna john jorg jose josef jozef juan julie jurgen karel karin katharina katrin keith koen konstantinos kristina
		krzysztof lars laszlo laura laurent lidia luca luigi lukas maciej manfred manuel manuela marcin marek margarethe maria marian
		mariana marie marina mario marius mark markus martin mary mathieu matteo matthew matthias mehmet michael michel
		michele miguel mihai mikael milan moritz moshe mustafa nadia nathalie neil nicolas nicole niels nigel nikolaas nikolaos nils
		olaf olav oliver olivier panagiotis paolo pascal patrick paul paulus pavel pawel peder pedro peter petra petros petrus philippe
		pierpaolo pierre pieter piotr rainer ralf regina reinhard rene richard rita robbert robert roberto roger ronaldus rudolf sabine sara
		sarah sebastian sergei sergio silvia simon slawomir sophie stanislaw stefan stefano stephan stephen steven
		susan susanne sven tamas teresa thierry thomas tomas tomasz torsten uli ulrich uros ursula uwe vasileios vincent
		vladimir vsevolod walter werner wiebke wilhelm william wladyslaw wojciech wolfgang wolfram yannis yossi yves zoltan zorana`)

	// firmWords are words, folded, that stand in names of firms and not of
	// persons.
	firmWords = set(`
		ab abogados academy ae ag agency agricola aktiengesellschaft and aps architects architekten as asociacion associates association
		associazione atelier aziende bank bau beratung bioscience brewery bros brothers buro bv bvba cabinet cattle center centre centro centrum
		city clinic club co college company comune comuna conseil consorzio construction consultants consulting cooperative corp
		county de council des design development di director doo dr e ee e-v ek energy engineering enterprises eood epe ergon estate et
		etablissements europe farm farms fils fondation fondazione foods forum foundation fund fundacion fundacao fundatia gbr gebr
		gesellschaft gmbh group groupe grupo gruppo hellas holding hospital house i idryma ike inc industria industries industry ing ingenieros
		institut institute instituto international ivs kft kg kirketjenester laboratoires laboratories laboratory labs landkreis legacy
		limitada limited lda llc llp ltd ltda maison marine maritime mbh media medical memorial motors museum network networks nv oe ohg
		organisation organization ou oy partner partners partnership pharma pharmaceuticals plc power press production productions
		project projects properties publishing quartet racing research restaurant sa sanitas sarl sas scarl school sci science sciences
		scop se services si sia sl slu snc societa societe software solar solutions son sons spa sprl srl sro stadt stiftung stichting
		stowarzyszenie studio studios systems team technik technology technologies technologie the theatre trading trust uab ug
		und university vineyards vzw ventures veterinary villa vof water werke winery works y zavod zoo
		aviation brewing cars college communications computer computers concept digital electric electronics films games
		health innovation innova instruments investment jewellery lab law legal life line logistics management music
		navigation optics photo products records rail robotics security sports sustainable textiles timber tools tours travel wind`)
)
