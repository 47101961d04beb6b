package theme

import (
	"strings"

	"github.com/maillage/maillage/internal/kg"
)

// Part is a part of the Horizon 2020 programme with labels in the project's own
// wording after Regulations (EU) 1291/2013 and (Euratom) 1314/2013.
type Part struct{ Code, FR, EN string }

// Programme holds the parts that the files name, and those above them. The
// part above another is what remains of its code without the last step.
var Programme = []Part{
	{"H2020-EC", "Actions de la Commission hors appels", "Commission actions outside calls"},

	{"H2020-EU.1.", "Excellence scientifique", "Excellent science"},
	{"H2020-EU.1.1.", "Conseil européen de la recherche", "European Research Council"},
	{"H2020-EU.1.2.", "Technologies futures et émergentes", "Future and emerging technologies"},
	{"H2020-EU.1.2.1.", "Technologies émergentes : idées ouvertes", "Emerging technologies: open ideas"},
	{"H2020-EU.1.2.2.", "Technologies émergentes : thèmes en devenir", "Emerging technologies: nursed themes"},
	{"H2020-EU.1.2.3.", "Technologies émergentes : initiatives phares", "Emerging technologies: flagships"},
	{"H2020-EU.1.3.", "Actions Marie Skłodowska-Curie", "Marie Skłodowska-Curie actions"},
	{"H2020-EU.1.3.1.", "Formation initiale des chercheurs", "Initial training of researchers"},
	{"H2020-EU.1.3.2.", "Mobilité des chercheurs", "Mobility of researchers"},
	{"H2020-EU.1.3.3.", "Échanges de personnel et de connaissances", "Exchange of staff and knowledge"},
	{"H2020-EU.1.3.4.", "Cofinancement de programmes de mobilité", "Co-funding of mobility programmes"},
	{"H2020-EU.1.3.5.", "Soutien à la politique de mobilité", "Support for mobility policy"},
	{"H2020-EU.1.4.", "Infrastructures de recherche", "Research infrastructures"},
	{"H2020-EU.1.4.1.", "Développement des infrastructures de recherche", "Development of research infrastructures"},
	{"H2020-EU.1.4.1.1.", "Nouvelles infrastructures de recherche", "New research infrastructures"},
	{"H2020-EU.1.4.1.2.", "Ouverture des infrastructures nationales", "Opening of national infrastructures"},
	{"H2020-EU.1.4.1.3.", "Infrastructures numériques", "E-infrastructures"},
	{"H2020-EU.1.4.2.", "Innovation et compétences des infrastructures", "Innovation and skills of infrastructures"},
	{"H2020-EU.1.4.2.1.", "Innovation par les infrastructures", "Innovation through infrastructures"},
	{"H2020-EU.1.4.2.2.", "Compétences des infrastructures", "Human capital of infrastructures"},
	{"H2020-EU.1.4.3.", "Politique et coopération des infrastructures", "Policy and cooperation of infrastructures"},
	{"H2020-EU.1.4.3.1.", "Politique européenne des infrastructures", "European infrastructure policy"},
	{"H2020-EU.1.4.3.2.", "Coopération internationale des infrastructures", "International cooperation of infrastructures"},

	{"H2020-EU.2.", "Primauté industrielle", "Industrial leadership"},
	{"H2020-EU.2.1.", "Technologies génériques et industrielles", "Enabling and industrial technologies"},
	{"H2020-EU.2.1.1.", "Technologies de l'information et de la communication", "Information and communication technologies"},
	{"H2020-EU.2.1.1.1.", "Composants et systèmes", "Components and systems"},
	{"H2020-EU.2.1.1.3.", "Internet du futur", "Future internet"},
	{"H2020-EU.2.1.1.4.", "Contenus et gestion de l'information", "Content and information management"},
	{"H2020-EU.2.1.1.5.", "Interfaces et robotique", "Interfaces and robotics"},
	{"H2020-EU.2.1.1.6.", "Microélectronique, nanoélectronique et photonique", "Microelectronics, nanoelectronics and photonics"},
	{"H2020-EU.2.1.1.7.", "Entreprise commune ECSEL (composants électroniques)", "ECSEL joint undertaking (electronic components)"},
	{"H2020-EU.2.1.2.", "Nanotechnologies", "Nanotechnologies"},
	{"H2020-EU.2.1.2.1.", "Nanomatériaux, nanodispositifs et nanosystèmes", "Nanomaterials, nanodevices and nanosystems"},
	{"H2020-EU.2.1.2.2.", "Sûreté des nanotechnologies", "Safety of nanotechnologies"},
	{"H2020-EU.2.1.2.3.", "Nanotechnologies et société", "Nanotechnologies and society"},
	{"H2020-EU.2.1.2.4.", "Synthèse et fabrication de nanomatériaux", "Synthesis and manufacturing of nanomaterials"},
	{"H2020-EU.2.1.2.5.", "Méthodes et équipements des nanotechnologies", "Methods and equipment of nanotechnologies"},
	{"H2020-EU.2.1.3.", "Matériaux avancés", "Advanced materials"},
	{"H2020-EU.2.1.3.1.", "Technologies transversales des matériaux", "Cross-cutting materials technologies"},
	{"H2020-EU.2.1.3.2.", "Mise au point et transformation des matériaux", "Development and transformation of materials"},
	{"H2020-EU.2.1.3.4.", "Matériaux pour une industrie sobre", "Materials for a low-emission industry"},
	{"H2020-EU.2.1.3.5.", "Matériaux pour les industries créatives et le patrimoine", "Materials for creative industries and heritage"},
	{"H2020-EU.2.1.3.7.", "Usage optimal des matériaux", "Best use of materials"},
	{"H2020-EU.2.1.4.", "Biotechnologies", "Biotechnology"},
	{"H2020-EU.2.1.5.", "Fabrication et transformation avancées", "Advanced manufacturing and processing"},
	{"H2020-EU.2.1.5.1.", "Usines du futur", "Factories of the future"},
	{"H2020-EU.2.1.5.2.", "Bâtiments économes en énergie", "Energy-efficient buildings"},
	{"H2020-EU.2.1.5.3.", "Industries de transformation durables", "Sustainable process industries"},
	{"H2020-EU.2.1.5.4.", "Nouveaux modèles économiques durables", "New sustainable business models"},
	{"H2020-EU.2.1.6.", "Espace", "Space"},
	{"H2020-EU.2.1.6.1.", "Compétitivité et indépendance spatiales", "Competitiveness and independence in space"},
	{"H2020-EU.2.1.6.4.", "Partenariats spatiaux internationaux", "International space partnerships"},
	{"H2020-EU.2.2.", "Accès au financement à risque", "Access to risk finance"},
	{"H2020-EU.2.3.", "Innovation dans les PME", "Innovation in small and medium enterprises"},
	{"H2020-EU.2.3.1.", "Instrument PME", "Instrument for small and medium enterprises"},
	{"H2020-EU.2.3.2.", "Soutien spécifique aux PME", "Specific support for small and medium enterprises"},
	{"H2020-EU.2.3.2.1.", "PME à forte intensité de recherche", "Research-intensive small and medium enterprises"},
	{"H2020-EU.2.3.2.2.", "Capacité d'innovation des PME", "Innovation capacity of small and medium enterprises"},

	{"H2020-EU.3.", "Défis de société", "Societal challenges"},
	{"H2020-EU.3.1.", "Santé, démographie et bien-être", "Health, demographic change and well-being"},
	{"H2020-EU.3.1.1.", "Compréhension de la santé et de la maladie", "Understanding health and disease"},
	{"H2020-EU.3.1.2.", "Prévention des maladies", "Preventing disease"},
	{"H2020-EU.3.2.", "Alimentation, agriculture, mer et bioéconomie", "Food, agriculture, sea and bioeconomy"},
	{"H2020-EU.3.2.6.", "Entreprise commune des bio-industries", "Bio-based industries joint undertaking"},
	{"H2020-EU.3.3.", "Énergie sûre, propre et efficace", "Secure, clean and efficient energy"},
	{"H2020-EU.3.3.1.", "Sobriété énergétique et empreinte carbone", "Energy saving and carbon footprint"},
	{"H2020-EU.3.3.1.3.", "Villes intelligentes", "Smart cities"},
	{"H2020-EU.3.3.2.", "Électricité à bas coût et bas carbone", "Low-cost, low-carbon electricity"},
	{"H2020-EU.3.3.2.1.", "Énergie éolienne", "Wind energy"},
	{"H2020-EU.3.3.2.2.", "Énergie solaire", "Solar energy"},
	{"H2020-EU.3.3.2.3.", "Captage et stockage du carbone", "Carbon capture and storage"},
	{"H2020-EU.3.3.2.4.", "Géothermie, hydraulique, énergies marines et autres renouvelables", "Geothermal, hydro, marine and other renewable energy"},
	{"H2020-EU.3.3.3.", "Carburants de substitution et stockage mobile", "Alternative fuels and mobile energy sources"},
	{"H2020-EU.3.3.3.1.", "Bioénergie", "Bioenergy"},
	{"H2020-EU.3.3.3.3.", "Nouveaux carburants", "New fuels"},
	{"H2020-EU.3.3.4.", "Réseau électrique européen intelligent", "Smart European electricity grid"},
	{"H2020-EU.3.3.5.", "Nouvelles connaissances et technologies de l'énergie", "New energy knowledge and technologies"},
	{"H2020-EU.3.3.6.", "Décision et participation du public", "Decision making and public engagement"},
	{"H2020-EU.3.3.7.", "Diffusion des innovations énergétiques", "Market uptake of energy innovation"},
	{"H2020-EU.3.3.8.", "Piles à combustible et hydrogène : énergie", "Fuel cells and hydrogen: energy"},
	{"H2020-EU.3.3.8.1.", "Rendement et durée de vie des piles à combustible", "Efficiency and life of fuel cells"},
	{"H2020-EU.3.3.8.2.", "Production d'hydrogène", "Production of hydrogen"},
	{"H2020-EU.3.3.8.3.", "Hydrogène au service des renouvelables", "Hydrogen for renewable energy"},
	{"H2020-EU.3.4.", "Transports intelligents, verts et intégrés", "Smart, green and integrated transport"},
	{"H2020-EU.3.4.5.", "Entreprise commune Clean Sky 2 (aviation)", "Clean Sky 2 joint undertaking (aviation)"},
	{"H2020-EU.3.4.5.1.", "Clean Sky 2 : grands avions de ligne", "Clean Sky 2: large passenger aircraft"},
	{"H2020-EU.3.4.5.2.", "Clean Sky 2 : avions régionaux", "Clean Sky 2: regional aircraft"},
	{"H2020-EU.3.4.5.3.", "Clean Sky 2 : giravions rapides", "Clean Sky 2: fast rotorcraft"},
	{"H2020-EU.3.4.5.4.", "Clean Sky 2 : cellules", "Clean Sky 2: airframes"},
	{"H2020-EU.3.4.5.5.", "Clean Sky 2 : moteurs", "Clean Sky 2: engines"},
	{"H2020-EU.3.4.5.6.", "Clean Sky 2 : systèmes", "Clean Sky 2: systems"},
	{"H2020-EU.3.4.6.", "Piles à combustible et hydrogène : transports", "Fuel cells and hydrogen: transport"},
	{"H2020-EU.3.4.6.1.", "Coût des piles à combustible pour les transports", "Cost of fuel cells for transport"},
	{"H2020-EU.3.5.", "Climat, environnement, ressources et matières premières", "Climate, environment, resources and raw materials"},
	{"H2020-EU.3.5.1.", "Lutte et adaptation au changement climatique", "Fighting and adapting to climate change"},
	{"H2020-EU.3.5.2.", "Environnement, eau et biodiversité", "Environment, water and biodiversity"},
	{"H2020-EU.3.5.3.", "Approvisionnement en matières premières", "Supply of raw materials"},
	{"H2020-EU.3.5.4.", "Éco-innovation et économie verte", "Eco-innovation and green economy"},
	{"H2020-EU.3.5.5.", "Observation de l'environnement mondial", "Observation of the global environment"},
	{"H2020-EU.3.6.", "Sociétés inclusives, novatrices et réflexives", "Inclusive, innovative and reflective societies"},
	{"H2020-EU.3.6.3.", "Patrimoine culturel et identité européenne", "Cultural heritage and European identity"},
	{"H2020-EU.3.7.", "Sociétés sûres", "Secure societies"},

	{"H2020-EU.4.", "Propagation de l'excellence et élargissement de la participation", "Spreading excellence and widening participation"},
	{"H2020-EU.4.a.", "Partenariats de centres d'excellence", "Teaming of centres of excellence"},
	{"H2020-EU.4.b.", "Jumelage d'institutions de recherche", "Twinning of research institutions"},
	{"H2020-EU.4.c.", "Chaires de l'Espace européen de la recherche", "Chairs of the European Research Area"},
	{"H2020-EU.4.f.", "Réseaux de points de contact nationaux", "Networks of national contact points"},

	{"H2020-EU.5.", "Science avec et pour la société", "Science with and for society"},
	{"H2020-EU.5.a.", "Attrait des carrières scientifiques", "Attractive scientific careers"},
	{"H2020-EU.5.b.", "Égalité entre les femmes et les hommes dans la recherche", "Gender equality in research"},
	{"H2020-EU.5.c.", "Participation de la société à la science", "Society in science and innovation"},
	{"H2020-EU.5.f.", "Gouvernance d'une recherche responsable", "Governance of responsible research"},

	{"H2020-Euratom", "Recherche nucléaire (Euratom)", "Nuclear research (Euratom)"},
	{"H2020-Euratom-1.1.", "Sûreté des systèmes nucléaires", "Safety of nuclear systems"},
	{"H2020-Euratom-1.2.", "Gestion des déchets radioactifs ultimes", "Management of ultimate radioactive waste"},
	{"H2020-Euratom-1.3.", "Compétences nucléaires", "Nuclear competences"},
	{"H2020-Euratom-1.4.", "Radioprotection", "Radiation protection"},
	{"H2020-Euratom-1.8.", "Infrastructures de recherche nucléaire", "Nuclear research infrastructures"},
}

// PartID returns the id of the sector of a part.
func PartID(code string) string { return "sector:h2020:" + code }

// Broader returns the code of the part above, or "".
func (p Part) Broader() string {
	if strings.HasPrefix(p.Code, "H2020-Euratom-") {
		return "H2020-Euratom"
	}
	steps := strings.Split(strings.TrimSuffix(p.Code, "."), ".")
	if len(steps) < 3 {
		return ""
	}
	return strings.Join(steps[:len(steps)-1], ".") + "."
}

// Sector returns the part as a node.
func (p Part) Sector() *kg.Node {
	return &kg.Node{
		Type: "Sector", ID: PartID(p.Code),
		Properties: kg.Properties{"scheme": "H2020", "code": p.Code, "labelFr": p.FR, "labelEn": p.EN},
		Records:    []kg.Record{programmeRecord},
	}
}

// Below returns what says which part is above, or nil.
func (p Part) Below() *kg.Relationship {
	above := p.Broader()
	if above == "" {
		return nil
	}
	return &kg.Relationship{Type: "BROADER", From: PartID(p.Code), To: PartID(above), Records: []kg.Record{programmeRecord}}
}

// programmeRecord cites the table of programme parts.
var programmeRecord = kg.Record{Source: Source, Locator: "programme.go"}
